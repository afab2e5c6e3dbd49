/// What the two sides of the journal's stream hold each other to.
public enum WireLimits {
    /// Bytes of one message.
    public static let message = 4_194_304
    /// Bytes that may be on their way to the node before it has read them, in all streams of a connection.
    public static let window = 4_194_304
    /// Bytes of one HTTP/2 frame: large ones cost less in all.
    public static let frame = 262_144
    /// Entries of one message.
    public static let entries = 1_000
    /// Bytes of the payloads of one message; a single larger entry goes alone.
    public static let payloads = 1_048_576
    /// Chains that a hello names.
    public static let chains = 64
}
