import Foundation
import GuardianCore

/// The device's signed statement of the length and hash of a clip at one moment, made once a second during recording.
/// It proves what was there, not that nothing followed.
///
/// The signature is Ed25519 over "guardian/checkpoint/v1", a zero byte, `bind`, plaintext length (8 bytes), Unix
/// milliseconds (8) and the SHA-256 of the plaintext so far.
public struct Checkpoint: Hashable, Sendable {
    /// Size of `bytes`: the signed fields without the domain, then the signature.
    public static let size = 32 + 8 + 8 + 32 + 64

    /// The `bind` of the file.
    public let bind: Hash256
    /// Bytes of plaintext that it covers; they end at a segment boundary.
    public let plaintextLength: Int64
    /// By the device's clock.
    public let at: Timestamp
    public let plaintextHash: Hash256
    /// 64 bytes.
    public let signature: [UInt8]

    init(
        bind: Hash256, plaintextLength: Int64, at: Timestamp, plaintextHash: Hash256, signer: DeviceSigner
    ) throws {
        guard plaintextLength >= 0, at.milliseconds >= 0 else {
            throw GuardianError(.invalidArgument, "A checkpoint's length and time must not be negative.")
        }
        let signed = Self.signed(bind, plaintextLength, at, plaintextHash)
        self.bind = bind
        self.plaintextLength = plaintextLength
        self.at = at
        self.plaintextHash = plaintextHash
        signature = try signer.signature(of: signed, domain: .checkpoint)
    }

    /// Parses 144 bytes. Does not verify the signature.
    ///
    /// - Throws: `invalidArgument` when the bytes are not a checkpoint.
    public init(bytes: [UInt8]) throws {
        guard bytes.count == Self.size, let bind = Hash256(bytes: bytes[..<32]),
            let length = bytes.bigEndian(at: 32, as: UInt64.self).flatMap({ Int64(exactly: $0) }),
            let milliseconds = bytes.bigEndian(at: 40, as: UInt64.self).flatMap({ Int64(exactly: $0) }),
            let hash = Hash256(bytes: bytes[48..<80])
        else { throw GuardianError(.invalidArgument, "The bytes are not a checkpoint, which has \(Self.size) bytes.") }
        self.bind = bind
        plaintextLength = length
        at = Timestamp(milliseconds: milliseconds)
        plaintextHash = hash
        signature = Array(bytes[80...])
    }

    /// 144 bytes.
    public var bytes: [UInt8] { Self.signed(bind, plaintextLength, at, plaintextHash) + signature }

    /// Returns whether the device with this Ed25519 key signed it.
    public func isSigned(by deviceKey: [UInt8]) -> Bool {
        DeviceSigner.verifies(
            signature, of: Self.signed(bind, plaintextLength, at, plaintextHash), by: deviceKey, domain: .checkpoint)
    }

    private static func signed(_ bind: Hash256, _ length: Int64, _ at: Timestamp, _ hash: Hash256) -> [UInt8] {
        var bytes = bind.bytes
        bytes.append(bigEndian: UInt64(length))
        bytes.append(bigEndian: UInt64(at.milliseconds))
        return bytes + hash.bytes
    }
}
