import Crypto
import GuardianCore
import NIOCore

/// SHA-256 of bytes that come in pieces.
struct Digest {
    private var hash = SHA256()

    mutating func update(_ piece: ByteBuffer) {
        piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
    }

    var value: Hash256 { Hash256(digest: hash.finalize()) }
}
