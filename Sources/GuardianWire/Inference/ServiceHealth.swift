import GuardianCore

/// What the AI service says of itself, as far as it is plausible: the service decodes untrusted streams, and may itself be
/// compromised. What is not plausible is left out, because health must be shown also when a part of it makes no sense.
public struct ServiceHealth: Sendable {
    public var isReady: Bool
    /// Why it is not ready, for a person; empty when the service gives no reason.
    public var reason: String
    public var model: (name: String, sha256: Hash256)?
    /// Pictures that wait for the detector.
    public var queue: Int
    /// A frame analysis in milliseconds; `nil` before the first one.
    public var latency: (p50: Double, p99: Double)?
    /// Whether the kernel confines the service, and how, or why not, for a person; `nil` when the service does not say. It is the
    /// service's own word.
    public var sandbox: (isActive: Bool, detail: String)?
    /// The service's metrics as Prometheus text; empty when they are not in that form.
    public var exposition: String

    /// Milliseconds: an hour.
    private static let latencies = 0.0...3_600_000
    /// Bytes.
    private static let expositionLimit = 1 << 18
    private static let modelNameLimit = 200

    public init(_ wire: Guardian_V1_HealthReply) {
        isReady = wire.ready
        reason = PeerText.bounded(wire.reason)
        if let hash = Hash256(hex: wire.model.sha256), wire.model.name.utf8.count <= Self.modelNameLimit {
            model = (PeerText.bounded(wire.model.name), hash)
        }
        queue = Int(wire.queue)
        if wire.latencyP99 > 0, Self.latencies.contains(wire.latencyP50), Self.latencies.contains(wire.latencyP99) {
            latency = (wire.latencyP50, wire.latencyP99)
        }
        if !wire.sandbox.isEmpty {
            let detail = PeerText.bounded(wire.sandbox)
            let reason = detail.hasPrefix("none: ") ? String(detail.dropFirst(6)) : nil
            sandbox = (reason == nil && detail.hasPrefix("landlock "), reason ?? detail)
        }
        exposition = Self.isExposition(wire.exposition) ? wire.exposition : ""
    }

    /// Returns whether the text has only metrics of the service's own: it is appended to the edge's, whose readers reject
    /// all metrics when one line is malformed or is there twice.
    private static func isExposition(_ text: String) -> Bool {
        guard text.utf8.count <= expositionLimit else { return false }
        return text.utf8.split(separator: 0x0A).allSatisfy { line in
            guard line.allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
            let line = Substring(line)
            if line.hasPrefix("# HELP guardian_ai_") || line.hasPrefix("# TYPE guardian_ai_") {
                return isOwn(line.dropFirst(7))
            }
            guard let space = line.lastIndex(of: " "), Double(line[line.index(after: space)...]) != nil else {
                return false
            }
            return isOwn(line)
        }
    }

    /// Whether a metric of this name is the service's; the edge itself measures two others.
    private static func isOwn(_ line: Substring) -> Bool {
        let name = line.prefix { $0 != " " && $0 != "{" }
        return name.hasPrefix("guardian_ai_") && !["guardian_ai_up", "guardian_ai_restarts"].contains(name)
    }
}
