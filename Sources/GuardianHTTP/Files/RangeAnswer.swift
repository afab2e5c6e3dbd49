import GuardianCore
import HTTPTypes
import Hummingbird

/// What RFC 9110 answers to GET and HEAD for something with a length and a tag: conditions first, then the range.
struct RangeAnswer {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    /// The bytes to send, or whose length HEAD tells; `nil` when the client has them already.
    let range: Range<Int64>?

    /// - Parameters:
    ///   - etag: strong, with its quotes.
    ///   - isGrowing: no cache may keep what may still grow.
    ///   - name: under which a browser saves it; plain letters only.
    /// - Throws: 412 when `If-Match` names other bytes, 416 when no byte of the range exists.
    init(
        to request: Request, length: Int64, etag: String, contentType: String, isGrowing: Bool, name: String
    ) throws {
        var headers: HTTPFields = [
            .contentType: contentType, .acceptRanges: "bytes", .eTag: etag,
            .cacheControl: isGrowing ? "no-store" : "private, no-cache",
        ]
        if let field = request.headers[.ifMatch], !EntityTag.list(field, contains: etag) {
            throw HTTPRefusal(
                status: .preconditionFailed, code: .failedPrecondition,
                detail: "The file has changed since: ask for it without If-Match.", headers: [.eTag: etag])
        }
        if let field = request.headers[.ifNoneMatch], EntityTag.list(field, contains: etag) {
            (status, range) = (.notModified, nil)
            self.headers = headers
            return
        }
        headers[.contentDisposition] = "inline; filename=\"\(name)\""
        switch ByteRange(Self.range(of: request, etag: etag), length: length) {
        case .unsatisfiable:
            throw HTTPRefusal(
                status: .rangeNotSatisfiable, code: .outOfRange,
                detail: "The file has \(length) bytes and none of those that were asked for.",
                headers: [.contentRange: "bytes */\(length)", .acceptRanges: "bytes"])
        case .whole:
            (status, range) = (.ok, 0..<length)
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(length)"
            (status, range) = (.partialContent, part)
        }
        self.headers = headers
    }

    /// The `Range` field where it counts: in GET only (14.2), and only while `If-Range` names these very bytes (13.1.5;
    /// a date never does, since there is no Last-Modified).
    private static func range(of request: Request, etag: String) -> String? {
        guard request.method == .get else { return nil }
        if let condition = request.headers[.ifRange], condition.trimmingSpaces != etag { return nil }
        return request.headers[.range]
    }
}
