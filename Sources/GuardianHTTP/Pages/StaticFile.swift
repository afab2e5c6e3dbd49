import HTTPTypes
import Hummingbird

/// A small file of the Web UI in memory, also compressed where that makes it shorter. Browsers revalidate it on every
/// use (`no-cache`).
struct StaticFile: Sendable {
    private let body: ByteBuffer
    /// The gzip form; `nil` where it is not shorter.
    private let compressed: ByteBuffer?
    private let contentType: String
    private let version: String

    init(bytes: [UInt8], contentType: String) {
        body = ByteBuffer(bytes: bytes)
        self.contentType = contentType
        // FNV-1a with 64 bits distinguishes the versions of a file; the files are trusted, so no cryptographic hash is
        // needed.
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        version = "\(bytes.count)-\(String(hash, radix: 16))"
        let isText = ["text/", "application/", "image/svg"].contains { contentType.hasPrefix($0) }
        let gzip = isText && bytes.count > 512 ? Gzip.compress(bytes) : nil
        compressed = gzip.flatMap { $0.count < bytes.count ? ByteBuffer(bytes: $0) : nil }
    }

    func response(to request: Request) -> Response {
        let gzip = compressed.flatMap { Self.acceptsGzip(request.headers[.acceptEncoding]) ? $0 : nil }
        // Each content coding is a representation with its own entity tag (RFC 9110, 8.8.3.3).
        let etag = gzip == nil ? "\"\(version)\"" : "\"\(version)-gzip\""
        var headers: HTTPFields = [.contentType: contentType, .eTag: etag, .cacheControl: "no-cache"]
        if compressed != nil { headers[.vary] = "Accept-Encoding" }
        if let known = request.headers[.ifNoneMatch], EntityTag.list(known, contains: etag, .weak) {
            return Response(status: .notModified, headers: headers)
        }
        if gzip != nil { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: gzip ?? body))
    }

    /// Returns whether the `Accept-Encoding` field names gzip with a weight above 0 (RFC 9110, 12.5.3).
    private static func acceptsGzip(_ field: String?) -> Bool {
        guard let field else { return false }
        return field.split(separator: ",").contains { item in
            let tokens = item.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            return tokens.first == "gzip"
                && !tokens.dropFirst().contains { $0.hasPrefix("q=0") && Double($0.dropFirst(2)) == 0 }
        }
    }
}
