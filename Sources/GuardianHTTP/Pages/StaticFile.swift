import HTTPTypes
import Hummingbird

/// A small file of our own, kept in memory; browsers ask each time whether theirs is still the same.
struct StaticFile: Sendable {
    let body: ByteBuffer
    let contentType: String
    let etag: String

    init(bytes: [UInt8], contentType: String) {
        body = ByteBuffer(bytes: bytes)
        self.contentType = contentType
        // FNV-1a, 64 bits: tells our own versions apart; nobody else writes these files.
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        etag = "\"\(bytes.count)-\(String(hash, radix: 16))\""
    }

    func response(to request: Request) -> Response {
        let headers: HTTPFields = [.contentType: contentType, .eTag: etag, .cacheControl: "no-cache"]
        if let known = request.headers[.ifNoneMatch], EntityTag.list(known, contains: etag) {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
