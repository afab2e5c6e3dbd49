/// Limits of the messages and connections between edges and nodes, which both sides apply.
public enum WireLimits {
    /// Bytes of one message.
    public static let message = 4_194_304
    /// Bytes that may be sent to the node before it has read them, over all streams of a connection.
    public static let window = 4_194_304
    /// Bytes of one HTTP/2 frame; large frames cost less in total.
    public static let frame = 262_144
    /// Entries of one message.
    public static let entries = 1_000
    /// Bytes of the payloads of one message; a single larger entry is sent alone.
    public static let payloads = 1_048_576
    /// Chains that a hello names.
    public static let chains = 64
    /// How often an edge says on each stream that stays open that it is there.
    public static let aliveInterval: Duration = .seconds(5)
    /// After so long without a message of an edge that says so, its stream has ended. Longer than the edge waits for an answer, so that a
    /// slow uplink which is full of entries is the edge's to judge.
    public static let silence: Duration = .seconds(20)
}
