import GuardianCore

/// What could be proven about a sealed file, as statements for a person.
public struct ClipProof: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable {
        /// Checked and true.
        case proven
        /// Not checked, because an input is missing.
        case open
        /// Checked and false.
        case refuted
    }

    public struct Statement: Hashable, Sendable {
        public var status: Status
        /// For a person.
        public var sentence: String
    }

    public internal(set) var statements: [Statement] = []
    /// How many bytes from the beginning of the plaintext are proven to be what the device sealed.
    public internal(set) var provenLength: Int64 = 0

    /// Whether no statement is refuted.
    public var holds: Bool { !statements.contains { $0.status == .refuted } }

    mutating func add(_ status: Status, _ sentence: String) {
        statements.append(Statement(status: status, sentence: sentence))
    }

    /// Adds `proven` as a proven statement when the condition is true, otherwise `refuted` as a refuted one.
    mutating func add(_ isTrue: Bool, _ proven: String, otherwise refuted: String) {
        add(isTrue ? .proven : .refuted, isTrue ? proven : refuted)
    }
}
