import CSealing
import GuardianCore

/// Seals the segments of one body. Its key is in one place in memory, which is wiped when the cipher is freed. It is
/// OpenSSL's, because swift-crypto frees the key schedule of every segment without wiping it. One caller at a time.
package final class SealingCipher {
    private let body: OpaquePointer

    /// - Throws: `internal` when OpenSSL fails, which happens only without memory.
    init(_ clipKey: ClipKey, salt: [UInt8], noncePrefix: [UInt8], bind: Hash256) throws {
        // nosemgrep: swift-forced -- both are our own random bytes (`ClipSealer`), and the C behind reads that many
        precondition(salt.count == SealedFormat.saltSize && noncePrefix.count == SealedFormat.noncePrefixSize)
        let body = clipKey.key.withUnsafeBytes {
            gse_body_new($0.baseAddress?.assumingMemoryBound(to: UInt8.self), salt, bind.bytes, noncePrefix)
        }
        guard let body else { throw Self.failure }
        self.body = body
    }

    /// Uses a throwaway key, for benchmarks.
    package convenience init() throws {
        try self.init(
            ClipKey(), salt: [UInt8](repeating: 0, count: SealedFormat.saltSize),
            noncePrefix: [UInt8](repeating: 0, count: SealedFormat.noncePrefixSize), bind: .sha256([]))
    }

    deinit { gse_body_free(body) }

    /// Appends ciphertext and tag to `sealed`.
    package func seal(_ plaintext: UnsafeRawBufferPointer, segment: UInt32, isLast: Bool, into sealed: inout [UInt8])
        throws
    {
        let start = sealed.count
        sealed.append(contentsOf: repeatElement(0, count: plaintext.count + SealedFormat.tagSize))
        let isSealed = sealed.withUnsafeMutableBufferPointer { buffer in
            gse_body_seal(
                body, segment, isLast ? 1 : 0, plaintext.baseAddress?.assumingMemoryBound(to: UInt8.self),
                plaintext.count, buffer.baseAddress.map { $0 + start })
        }
        guard isSealed == 1 else {
            sealed.removeLast(plaintext.count + SealedFormat.tagSize)
            throw Self.failure
        }
    }

    private static var failure: GuardianError {
        GuardianError(.internal, "OpenSSL could not seal; the machine may be out of memory.")
    }
}
