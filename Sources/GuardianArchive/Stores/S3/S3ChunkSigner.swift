import Crypto
import Foundation
import GuardianCore
import NIOCore
import NIOFoundationCompat

/// Signs a body chunk by chunk while it is sent, so that it is read only once (AWS, "Signature Calculations for the
/// Authorization Header: Transferring Payload in Multiple Chunks"). Each chunk's signature covers the one before.
package struct S3ChunkSigner: Sendable {
    /// Replaces the body's hash in the request's own signature.
    package static let payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"

    private let signer: S3Signer
    private let time: Timestamp
    private var previous: String

    /// - Parameter seed: the request's own signature.
    package init(signer: S3Signer, seed: String, at time: Timestamp) {
        self.signer = signer
        self.time = time
        previous = seed
    }

    /// Returns a chunk as it is sent; an empty one ends the body.
    package mutating func chunk(_ bytes: ByteBuffer) -> ByteBuffer {
        let hash = bytes.readableBytesView.withUnsafeBytes { SHA256.hash(data: $0) }.hexadecimal
        let empty = SHA256.hash(data: Data()).hexadecimal
        previous = signer.hmac(
            of:
                "\(S3Signer.algorithm)-PAYLOAD\n\(time.basicFormat)\n\(signer.scope(at: time))\n\(previous)\n\(empty)\n\(hash)",
            at: time)
        var framed = ByteBuffer(string: Self.head(bytes.readableBytes, signature: previous))
        framed.writeImmutableBuffer(bytes)
        framed.writeStaticString("\r\n")
        return framed
    }

    /// Returns the size of a body of `length` bytes when it is sent in chunks of `size` bytes.
    package static func framedLength(of length: Int, pieces size: Int) -> Int {
        func framed(_ count: Int) -> Int {
            head(count, signature: String(repeating: "0", count: 64)).utf8.count + count + 2
        }
        let rest = length % size
        return length / size * framed(size) + (rest > 0 ? framed(rest) : 0) + framed(0)
    }

    private static func head(_ count: Int, signature: String) -> String {
        "\(String(count, radix: 16));chunk-signature=\(signature)\r\n"
    }
}
