import CSealing
import GuardianCore

/// What seals the segments of one body, with its key in one place of memory that is wiped when this goes: the cipher is
/// OpenSSL's, since swift-crypto's gives a key's schedule back unwiped with every segment. One caller at a time.
package final class SealingCipher {
    private let body: OpaquePointer

    /// - Throws: `internal` when OpenSSL refuses, which only a machine without memory makes it do.
    init(_ clipKey: ClipKey, salt: [UInt8], noncePrefix: [UInt8], bind: Hash256) throws {
        precondition(salt.count == SealedFormat.saltSize && noncePrefix.count == SealedFormat.noncePrefixSize)
        let body = clipKey.key.withUnsafeBytes {
            gse_body_new($0.baseAddress?.assumingMemoryBound(to: UInt8.self), salt, bind.bytes, noncePrefix)
        }
        guard let body else { throw Self.refused }
        self.body = body
    }

    /// Under a key that is worth nothing: for measuring.
    package convenience init() throws {
        try self.init(
            ClipKey(), salt: [UInt8](repeating: 0, count: SealedFormat.saltSize),
            noncePrefix: [UInt8](repeating: 0, count: SealedFormat.noncePrefixSize), bind: .sha256([]))
    }

    deinit { gse_body_free(body) }

    /// Ciphertext and tag, put behind `sealed`.
    package func seal(_ plaintext: UnsafeRawBufferPointer, segment: UInt32, isLast: Bool, into sealed: inout [UInt8])
        throws
    {
        let start = sealed.count
        sealed.append(contentsOf: repeatElement(0, count: plaintext.count + SealedFormat.tagSize))
        let isSealed = sealed.withUnsafeMutableBufferPointer { room in
            gse_body_seal(
                body, segment, isLast ? 1 : 0, plaintext.baseAddress?.assumingMemoryBound(to: UInt8.self),
                plaintext.count, room.baseAddress.map { $0 + start })
        }
        guard isSealed == 1 else {
            sealed.removeLast(plaintext.count + SealedFormat.tagSize)
            throw Self.refused
        }
    }

    private static var refused: GuardianError {
        GuardianError(.internal, "OpenSSL would not seal; the machine may be out of memory.")
    }
}
