import GuardianOperations
import GuardianWire

/// How the journal reaches the node.
public struct DeliverySettings: Sendable {
    /// The node's name or address; its certificate must name it.
    public var host: String
    public var port: Int
    public var credentials: CredentialFiles
    /// Waits between attempts to connect.
    public var backoff = Backoff(base: .milliseconds(200), limit: .seconds(10))
    /// Entries under way at once. A new entry waits behind no more than these.
    public var window = 512
    /// Entries of one message.
    public var batch = 128
    /// How long the node may take to greet, and to answer for an entry.
    public var deadline: Duration = .seconds(15)
    /// How long the outbox may drain when the edge is told to end.
    public var drain: Duration = .seconds(4)

    public init(host: String, port: Int, credentials: CredentialFiles) {
        self.host = host
        self.port = port
        self.credentials = credentials
    }
}
