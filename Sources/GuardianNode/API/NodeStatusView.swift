import GuardianCore
import GuardianHTTP
import GuardianJournal

/// How a tenant's edges are, in the members that an edge's own status has.
struct NodeStatusView: Codable, Sendable {
    var version: String
    /// When the node started.
    var startedAt: Moment
    /// How long after the node's start nothing is missed of an edge that is connected, in ms.
    private static let early: Int64 = 120_000

    /// `starting`: no edge has connected yet, or one has not said yet how it is.
    var state: StatusView.State
    /// One sentence: "All well", or what is wrong.
    var summary: String
    var problems: [FindingView]
    var cameras: [CameraView]
    var edges: [EdgeReport]

    /// - Parameter retired: edges that are left out.
    init(
        _ scope: TenantScope, without retired: Set<Hash256>, startedAt: Timestamp, now: Timestamp
    ) async throws {
        version = GuardianVersion.current
        self.startedAt = startedAt.moment
        cameras = scope.tenant.cameras.all.map { CameraView($0) }
        edges = try await scope.edges(now: now).filter { !retired.contains($0.fingerprint) }
        let isOnly = edges.count == 1
        // A recorder measures itself once a minute: just after the start, nothing of it is no problem yet.
        let isEarly = now - startedAt < Self.early
        let unmeasured = isEarly ? edges.filter { $0.connected && $0.health?.measuredAt == nil } : []
        problems = edges.filter { !unmeasured.contains($0) }.flatMap {
            $0.problems(calling: isOnly ? "The recorder" : "Recorder \($0.fingerprint.prefix)")
        }
        if let shortage = scope.archive.floor.shortage() {
            problems.append(
                FindingView(
                    what: shortage, where: "node", severity: .error,
                    remedy: "Make room on the node's disk; events arrive meanwhile, sealed clips wait at the recorder.")
            )
        }
        state =
            !problems.isEmpty ? .degraded : edges.isEmpty || !unmeasured.isEmpty ? .starting : .well
        summary =
            switch state {
            case .starting:
                edges.isEmpty ? "No recorder has connected yet." : "The recorder has not said yet how it is."
            case .well: "All well"
            case .degraded: problems[0].what
            }
    }
}

extension EdgeReport {
    /// What is wrong with the edge and its journal.
    fileprivate func problems(calling name: String) -> [FindingView] {
        let place = "recorder \(fingerprint.prefix)"
        var problems: [FindingView] = []
        switch health?.state {
        case .healthy?: break
        case .degraded?:
            problems = (health?.reasons ?? []).map { reason in
                FindingView(
                    what: "\(name): \(reason)", where: place, severity: .warning,
                    remedy: "Its own page System says what is wrong, and what helps.")
            }
        case .offline?, nil:
            guard !connected else { break }
            problems = [
                FindingView(
                    what: "\(name) is not connected.", where: place, severity: .error,
                    remedy:
                        "Look whether it has power and a network. What it records meanwhile arrives once it is back; what it sent before is here."
                )
            ]
        }
        if chains.contains(where: { $0.brokenAt != nil || !$0.forks.isEmpty }) {
            problems.append(
                FindingView(
                    what: "\(name) has sent entries that do not fit together.", where: place, severity: .error,
                    remedy: "Run guardian doctor --verify --node on the recorder; it names the entries."))
        }
        return problems
    }
}

extension Hash256 {
    /// The beginning, by which people tell recorders apart.
    fileprivate var prefix: Substring { description.prefix(8) }
}
