import Crypto
import Foundation
import GuardianCore

/// Signs headers and checkpoints with the device's Ed25519 key, which opens nothing. The private key itself stays with
/// the creator of the signer.
public struct DeviceSigner: Sendable {
    /// 32 bytes.
    public let publicKey: [UInt8]
    private let sign: @Sendable ([UInt8]) throws -> [UInt8]

    /// - Parameter sign: returns the 64-byte Ed25519 signature of exactly the bytes it is given; they begin with the
    ///   domain.
    public init(publicKey: [UInt8], sign: @escaping @Sendable ([UInt8]) throws -> [UInt8]) {
        self.publicKey = publicKey
        self.sign = sign
    }

    public init(_ key: Curve25519.Signing.PrivateKey) {
        self.init(publicKey: Array(key.publicKey.rawRepresentation)) { Array(try key.signature(for: $0)) }
    }

    /// - Throws: `internal` when signing fails, or the signature does not have 64 bytes.
    func signature(of bytes: some Sequence<UInt8>, domain: SealingDomain) throws -> [UInt8] {
        do {
            let signature = try sign(domain.bytes + bytes)
            guard signature.count == SealedFormat.signatureSize else {
                throw GuardianError(.internal, "An Ed25519 signature has 64 bytes.")
            }
            return signature
        } catch {
            throw GuardianError(.internal, "The device key could not sign for the archive.", cause: error)
        }
    }

    /// Returns whether the device with this public key signed exactly these bytes.
    static func verifies(
        _ signature: [UInt8], of bytes: some Sequence<UInt8>, by publicKey: [UInt8], domain: SealingDomain
    ) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: domain.bytes + bytes)
    }
}

/// Separates the purposes of signatures: a text and a zero byte before the signed bytes.
enum SealingDomain: String {
    case header = "guardian/sealed-clip/v1"
    case checkpoint = "guardian/checkpoint/v1"

    var bytes: [UInt8] { Array(rawValue.utf8) + [0] }
}
