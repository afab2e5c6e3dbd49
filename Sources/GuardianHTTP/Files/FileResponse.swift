import GuardianCore
import HTTPTypes
import Hummingbird

/// Answers GET and HEAD for a file with what RFC 9110 has for it: `Range`, `If-Range`, `If-Match`, `If-None-Match`,
/// 206, 304, 412, 416, straight from the file.
public enum FileResponse {
    /// Bytes read at once: large enough that the hops between threads do not count, small enough that a hundred viewers
    /// fit in memory.
    static let chunk: Int64 = 512 * 1024
    /// Of a longer answer, the first piece is smaller, so that its first byte is on its way sooner.
    static let beginning: Int64 = 64 * 1024

    /// - Throws: `not_found` when the file went away.
    public static func make(for web: WebRequest, file: ServedFile) async throws -> Response {
        let request = web.request
        var headers: HTTPFields = [
            .contentType: file.contentType, .acceptRanges: "bytes", .eTag: file.etag,
            .cacheControl: file.isGrowing ? "no-store" : "private, no-cache",
        ]
        if let field = request.headers[.ifMatch], !EntityTag.list(field, contains: file.etag) {
            throw Refusal(
                status: .preconditionFailed, code: .failedPrecondition,
                detail: "The file has changed since: ask for it without If-Match.", headers: [.eTag: file.etag])
        }
        if let field = request.headers[.ifNoneMatch], EntityTag.list(field, contains: file.etag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentDisposition] = "inline; filename=\"\(file.name)\""
        let range = ByteRange(Self.range(of: request, etag: file.etag), length: file.length)
        switch range {
        case .unsatisfiable:
            throw Refusal(
                status: .rangeNotSatisfiable, code: .outOfRange,
                detail: "The file has \(file.length) bytes and none of those that were asked for.",
                headers: [.contentRange: "bytes */\(file.length)", .acceptRanges: "bytes"])
        case .whole:
            return try await body(web, file, 0..<file.length, status: .ok, headers)
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.length)"
            return try await body(web, file, part, status: .partialContent, headers)
        }
    }

    /// The `Range` field where it counts: in GET only (14.2), and only while `If-Range` names these very bytes (13.1.5;
    /// a date never does, since there is no Last-Modified).
    private static func range(of request: Request, etag: String) -> String? {
        guard request.method == .get else { return nil }
        if let condition = request.headers[.ifRange], condition.trimmingSpaces != etag { return nil }
        return request.headers[.range]
    }

    private static func body(
        _ web: WebRequest, _ file: ServedFile, _ range: Range<Int64>, status: HTTPResponse.Status, _ headers: HTTPFields
    ) async throws -> Response {
        var headers = headers
        let length = range.upperBound - range.lowerBound
        headers[.contentLength] = String(length)
        guard web.request.method == .get, length > 0 else {
            return Response(status: status, headers: headers)
        }
        let beginning = range.lowerBound..<(length <= chunk ? range.upperBound : range.lowerBound + beginning)
        let (open, first) =
            file.isWarm
            ? try await OpenFile.openWarm(file.path, reading: beginning)
            : try await OpenFile.open(file.path, reading: beginning)
        guard beginning != range else {
            // Head and body leave in one write.
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: first))
        }
        let channel = web.context.channel
        let body = ResponseBody(contentLength: Int(length)) { writer in
            try await PatientWriter.write(on: channel, to: &writer) { patient, writer in
                try await send(first, then: beginning.upperBound..<range.upperBound, of: open, patient, &writer)
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// Reads the next piece while the one before goes out; a slow reader holds two pieces in memory.
    private static func send(
        _ first: ByteBuffer, then rest: Range<Int64>, of file: OpenFile, _ patient: PatientWriter,
        _ writer: inout any ResponseBodyWriter
    ) async throws {
        var ready = first
        var offset = rest.lowerBound
        while offset < rest.upperBound {
            let next = offset..<min(offset + chunk, rest.upperBound)
            async let ahead = file.read(next)
            try await patient.write(ready, to: &writer)
            ready = try await ahead
            offset = next.upperBound
        }
        try await patient.write(ready, to: &writer)
    }
}
