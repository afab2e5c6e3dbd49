import Crypto
import Foundation

/// The public key of a passkey: ECDSA on P-256 with SHA-256 (COSE algorithm −7, RFC 9053, 2.1), which every authenticator has.
struct PasskeyKey: Sendable {
    /// The number of the algorithm in COSE.
    static let algorithm: Int64 = -7
    /// A coordinate of a point on P-256, in bytes.
    private static let coordinateSize = 32

    private let key: P256.Signing.PublicKey

    /// The point as it is stored: `04`, x and y (SEC 1, 2.3.3).
    var stored: [UInt8] { Array(key.x963Representation) }

    /// `nil` when the bytes are no point on the curve.
    init?(stored: [UInt8]) {
        guard stored.count == 1 + 2 * Self.coordinateSize,
            let key = try? P256.Signing.PublicKey(x963Representation: Data(stored))
        else { return nil }
        self.key = key
    }

    /// - Parameter cose: a COSE key with exactly the members that an elliptic curve needs, as WebAuthn demands (Level 2, 6.5.1).
    init?(cose: CBORValue) {
        // Labels of RFC 9052, 7.1 and RFC 9053, 7.1.1: 1 type (2: curve), 3 algorithm, −1 curve (1: P-256), −2 x, −3 y.
        guard let pairs = cose.pairs, pairs.count == 5, pairs[label: 1]?.integer == 2,
            pairs[label: 3]?.integer == Self.algorithm, pairs[label: -1]?.integer == 1,
            let x = pairs[label: -2]?.byteString, let y = pairs[label: -3]?.byteString,
            x.count == Self.coordinateSize, y.count == Self.coordinateSize
        else { return nil }
        self.init(stored: [4] + x + y)
    }

    /// Whether a signature in DER (WebAuthn Level 2, 6.5.6) is of these bytes.
    func isSignature(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: Data(signature)) else { return false }
        return key.isValidSignature(signature, for: Data(bytes))
    }
}
