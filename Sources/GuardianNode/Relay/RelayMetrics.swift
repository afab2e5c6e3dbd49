import GuardianCore
import GuardianOperations
import GuardianWire

/// Counters of what passes through the node.
struct RelayMetrics: Sendable {
    /// What became of a request to an edge.
    enum Outcome: String, CaseIterable {
        case answered
        /// By the edge, such as a clip that is gone.
        case refused
        /// It is not connected, or does not let people watch.
        case away
        /// There were too many at once.
        case busy
        case unanswered
    }

    private let requests: [RelayGrant.Item.Kind: [Outcome: Counter]]
    let bytes: Counter

    init(_ registry: MetricsRegistry) {
        func counters(_ kind: RelayGrant.Item.Kind) -> [Outcome: Counter] {
            Dictionary(
                uniqueKeysWithValues: Outcome.allCases.map { outcome in
                    let counter = registry.counter(
                        "guardian_node_relay_requests_total",
                        help: "Requests to edges for what somebody watches, by kind and outcome.",
                        labels: ["kind": kind.rawValue, "outcome": outcome.rawValue])
                    return (outcome, counter)
                })
        }
        requests = Dictionary(uniqueKeysWithValues: RelayGrant.Item.Kind.allCases.map { ($0, counters($0)) })
        bytes = registry.counter(
            "guardian_node_relay_bytes_total",
            help: "Bytes of recordings and live views that edges sent to be passed on.")
    }

    /// - Parameter error: why there was no answer; `nil`: there was one.
    func count(_ kind: RelayGrant.Item.Kind, _ error: (any Error)?) {
        // Whoever asked has gone.
        if error is CancellationError { return }
        let error = error as? GuardianError
        let outcome =
            error?.context[Self.key].flatMap(Outcome.init)
            ?? (error == nil ? .answered : error?.code == .deadlineExceeded ? .unanswered : .refused)
        requests[kind]?[outcome]?.increment()
    }

    private static let key = "relay"

    /// The context of an error of the node's own, by which it is counted.
    static func context(_ outcome: Outcome) -> [String: String] { [key: outcome.rawValue] }
}
