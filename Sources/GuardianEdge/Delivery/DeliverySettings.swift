import GuardianOperations

/// How the journal is delivered to the node.
public struct DeliverySettings: Sendable {
    public var node: NodeTarget
    /// Delays between connection attempts.
    public var backoff = Backoff(base: .milliseconds(200), limit: .seconds(10))
    /// Most unanswered entries. A new entry waits for no more than these.
    public var window = 512
    /// Most entries in one message.
    public var batch = 128
    /// Time-out for the node's welcome, and for its answer to an entry.
    public var deadline: Duration = .seconds(15)
    /// How long the outbox may drain when the edge shuts down.
    public var drain: Duration = .seconds(4)

    public init(node: NodeTarget) { self.node = node }
}
