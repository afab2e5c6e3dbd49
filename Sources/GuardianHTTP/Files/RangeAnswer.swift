import GuardianCore
import HTTPTypes
import Hummingbird

/// Status, headers and byte range of the response to a GET or HEAD of a file with a known length and entity tag
/// (RFC 9110): conditions first, then the range.
struct RangeAnswer {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    /// The bytes that GET sends and whose length HEAD returns; `nil` for 304.
    let range: Range<Int64>?

    /// - Parameters:
    ///   - etag: a strong entity tag with its quotes.
    ///   - isGrowing: whether the file may still grow; then the response must not be cached.
    ///   - name: the file name under which a browser saves it; ASCII letters, digits and punctuation only.
    /// - Throws: 412 when `If-Match` does not contain the tag, 416 when no byte of the range exists.
    init(
        to request: Request, length: Int64, etag: String, contentType: String, isGrowing: Bool, name: String
    ) throws {
        var headers: HTTPFields = [
            .contentType: contentType, .acceptRanges: "bytes", .eTag: etag,
            .cacheControl: isGrowing ? "no-store" : "private, no-cache",
        ]
        if let field = request.headers[.ifMatch], !EntityTag.list(field, contains: etag, .strong) {
            throw HTTPRefusal(
                status: .preconditionFailed, code: .failedPrecondition,
                detail: "The file has changed since: ask for it without If-Match.", headers: [.eTag: etag])
        }
        if let field = request.headers[.ifNoneMatch], EntityTag.list(field, contains: etag, .weak) {
            (status, range) = (.notModified, nil)
            self.headers = headers
            return
        }
        headers[.contentDisposition] = "inline; filename=\"\(name)\""
        switch ByteRange(Self.range(of: request, etag: etag), length: length) {
        case .unsatisfiable:
            throw HTTPRefusal(
                status: .rangeNotSatisfiable, code: .outOfRange,
                detail: "The file has \(length) bytes: none of the requested range exists.",
                headers: [.contentRange: "bytes */\(length)", .acceptRanges: "bytes"])
        case .whole:
            (status, range) = (.ok, 0..<length)
        case .partial(let bytes):
            headers[.contentRange] = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(length)"
            (status, range) = (.partialContent, bytes)
        }
        self.headers = headers
    }

    /// Returns the `Range` field where it applies: only in GET (14.2), and only when `If-Range` is missing or equals
    /// the tag (13.1.5). A date never matches, since there is no Last-Modified.
    private static func range(of request: Request, etag: String) -> String? {
        guard request.method == .get else { return nil }
        if let condition = request.headers[.ifRange], condition.trimmingSpaces != etag { return nil }
        return request.headers[.range]
    }
}
