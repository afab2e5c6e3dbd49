/// The key encapsulation mechanisms that seal a clip key to a recipient, by their names in sealed clips.
public enum RecipientKEM: String, Hashable, Sendable, CaseIterable {
    /// ML-KEM-768 and X25519 together (draft-connolly-cfrg-xwing-kem-06): safe as long as either is.
    case xWing = "X-Wing"
    /// X25519 alone, for browsers without ML-KEM: not safe from quantum computers.
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
