/// The ways by which a clip key reaches a recipient, as sealed clips name them.
public enum RecipientKEM: String, Hashable, Sendable, CaseIterable {
    /// ML-KEM-768 and X25519 together (draft-connolly-cfrg-xwing-kem-06): safe while either of them holds.
    case xWing = "X-Wing"
    /// X25519 alone, for browsers without ML-KEM: a quantum computer opens what is sealed to it.
    case x25519 = "X25519"

    /// Bytes of a public key.
    public var publicKeySize: Int {
        switch self {
        case .xWing: 1184 + 32
        case .x25519: 32
        }
    }

    /// Bytes of an encapsulated key.
    public var encapsulationSize: Int {
        switch self {
        case .xWing: 1088 + 32
        case .x25519: 32
        }
    }
}
