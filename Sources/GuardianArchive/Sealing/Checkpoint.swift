import Foundation
import GuardianCore

/// The device's word on how far a clip went at a moment, one a second while it is recorded: it proves what was there,
/// not that nothing followed.
///
/// Ed25519 over "guardian/checkpoint/v1", a zero byte, `bind`, plaintext length (8 bytes), Unix milliseconds (8) and the
/// SHA-256 of the plaintext so far.
public struct Checkpoint: Hashable, Sendable {
    /// Bytes of `bytes`: what is signed without its domain, then the signature.
    public static let size = 32 + 8 + 8 + 32 + 64

    /// Of which file.
    public let bind: Hash256
    /// Bytes of plaintext that it speaks of; they end a segment.
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
            throw GuardianError(.invalidArgument, "A checkpoint has a length and a time from 1970 on.")
        }
        let signed = Self.signed(bind, plaintextLength, at, plaintextHash)
        self.bind = bind
        self.plaintextLength = plaintextLength
        self.at = at
        self.plaintextHash = plaintextHash
        signature = try signer.signature(of: signed, domain: .checkpoint)
    }

    /// Reads the 144 bytes; whether they are signed is another question.
    ///
    /// - Throws: `invalidArgument` when they are no checkpoint.
    public init(bytes: [UInt8]) throws {
        guard bytes.count == Self.size, let bind = Hash256(bytes: bytes[..<32]),
            let length = bytes.bigEndian(at: 32, as: UInt64.self).flatMap({ Int64(exactly: $0) }),
            let milliseconds = bytes.bigEndian(at: 40, as: UInt64.self).flatMap({ Int64(exactly: $0) }),
            let hash = Hash256(bytes: bytes[48..<80])
        else { throw GuardianError(.invalidArgument, "This is no checkpoint; one has \(Self.size) bytes.") }
        self.bind = bind
        plaintextLength = length
        at = Timestamp(milliseconds: milliseconds)
        plaintextHash = hash
        signature = Array(bytes[80...])
    }

    /// 144 bytes.
    public var bytes: [UInt8] { Self.signed(bind, plaintextLength, at, plaintextHash) + signature }

    /// Whether the device with this Ed25519 key signed it.
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
