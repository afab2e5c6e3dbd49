import Crypto
import GuardianCore
import NIOCore

/// Incremental SHA-256.
struct Digest {
    private var hash = SHA256()

    mutating func update(_ piece: ByteBuffer) {
        piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
    }

    var value: Hash256 { Hash256(digest: hash.finalize()) }
}
