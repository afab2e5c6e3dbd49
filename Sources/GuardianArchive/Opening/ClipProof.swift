import GuardianCore

/// What is proven of a sealed file, in words.
public struct ClipProof: Hashable, Sendable {
    public enum Standing: String, Hashable, Sendable {
        /// It was computed, and holds.
        case proven
        /// Something that it takes is not at hand; nothing speaks against it.
        case open
        /// It was computed, and does not hold.
        case refuted
    }

    public struct Statement: Hashable, Sendable {
        public var standing: Standing
        /// For a person.
        public var sentence: String
    }

    public internal(set) var statements: [Statement] = []
    /// Bytes of plaintext from the beginning that are proven to be what the device sealed.
    public internal(set) var provenLength: Int64 = 0

    /// Whether nothing speaks against the file.
    public var holds: Bool { !statements.contains { $0.standing == .refuted } }

    mutating func add(_ standing: Standing, _ sentence: String) {
        statements.append(Statement(standing: standing, sentence: sentence))
    }

    /// Proven when it is so; refuted with the other sentence when it is not.
    mutating func add(_ isSo: Bool, _ proven: String, otherwise refuted: String) {
        add(isSo ? .proven : .refuted, isSo ? proven : refuted)
    }
}
