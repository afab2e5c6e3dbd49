import Crypto
import Foundation
import GuardianCore
import NIOCore
import NIOFoundationCompat

/// A request before it is signed.
package struct S3Request: Sendable {
    package var method: String
    package var bucket: BucketName?
    /// Within the bucket, not encoded; empty for the bucket itself.
    package var name: String
    /// Not encoded.
    package var query: [(name: String, value: String)]
    package var headers: [(name: String, value: String)]
    package var body: ByteBuffer

    package init(
        _ method: String, bucket: BucketName?, name: String = "", query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: ByteBuffer = ByteBuffer()
    ) {
        self.method = method
        self.bucket = bucket
        self.name = name
        self.query = query
        self.headers = headers
        self.body = body
    }

    init(
        _ method: String, _ key: ObjectKey, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: ByteBuffer = ByteBuffer()
    ) {
        self.init(method, bucket: key.bucket, name: key.name.text, query: query, headers: headers, body: body)
    }

    /// The checksum that a bucket with default retention demands of objects and parts (Amazon S3, "Object Lock"), as RFC 1864
    /// writes it; `nil` for other requests. Every server knows this one, and it is of the bytes before they are chunked.
    var contentMD5: String? {
        guard method == "PUT", !name.isEmpty else { return nil }
        // nosemgrep: swift-weak-hash -- the protocol demands it; it finds damage, it proves nothing
        return body.readableBytesView.withUnsafeBytes { Data(Insecure.MD5.hash(data: $0)).base64EncodedString() }
    }

    /// SHA-256 of the body in hexadecimal.
    var payloadHash: String {
        body.readableBytesView.withUnsafeBytes { SHA256.hash(data: $0) }.hexadecimal
    }
}

/// The host and path of a request.
package struct S3Target: Sendable, Hashable {
    /// The `Host` header.
    package var host: String
    /// Encoded, as it is sent and signed.
    package var path: String

    package init(host: String, path: String) {
        self.host = host
        self.path = path
    }

    /// Puts the bucket's name before the host only where that works: not before an IP address, and with TLS not when
    /// the name has dots, because a certificate's `*` stands for one label only.
    package init(_ request: S3Request, endpoint: S3Endpoint, style: S3Configuration.Style) {
        let name = URIEncoding.encode(request.name, keepingSlash: true)
        guard let bucket = request.bucket else {
            self.init(host: endpoint.authority(), path: "/")
            return
        }
        let isInHost = style == .virtualHost && !endpoint.isAddress && !(endpoint.isSecure && bucket.text.contains("."))
        if isInHost {
            self.init(host: endpoint.authority(bucket: bucket), path: "/\(name)")
        } else {
            self.init(host: endpoint.authority(), path: name.isEmpty ? "/\(bucket)" : "/\(bucket)/\(name)")
        }
    }
}

extension [(name: String, value: String)] {
    /// The encoded query, in the order for signing; a name without a value also gets its `=`.
    package var canonicalQuery: String {
        map { (URIEncoding.encode($0.name), URIEncoding.encode($0.value)) }
            .sorted {
                $0.0 == $1.0
                    ? $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
            }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }
}
