/// How an edge is, as its node sees it.
public struct EdgeHealth: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case healthy
        /// It is connected, and something is wrong.
        case degraded
        /// It is not connected.
        case offline
    }

    public var state: State
    /// Why it is not healthy: sentences for a person.
    public var reasons: [String]
    /// When the newest telemetry was measured, by the edge's clock; RFC 3339. Absent when there is none of the last 48 hours.
    public var measuredAt: String?

    public init(state: State, reasons: [String], measuredAt: String?) {
        self.state = state
        self.reasons = reasons
        self.measuredAt = measuredAt
    }
}
