import GuardianCore
import HTTPTypes
import Hummingbird

/// Answers GET and HEAD for a file as RFC 9110 specifies: `Range`, `If-Range`, `If-Match`, `If-None-Match`, 206, 304,
/// 412, 416. The body is read from the file while it is sent.
public enum FileResponse {
    /// Bytes per read: large enough that thread switches cost little, small enough that a hundred viewers fit in
    /// memory.
    static let chunk: Int64 = 512 * 1024
    /// Bytes of the first read of a longer response: smaller, so that its first byte is sent sooner.
    static let beginning: Int64 = 64 * 1024

    /// - Throws: `not_found` when the file was deleted.
    public static func make(for web: WebRequest, file: ServedFile) async throws -> Response {
        let answer = try RangeAnswer(
            to: web.request, length: file.length, etag: file.etag, contentType: file.contentType,
            isGrowing: file.isGrowing, name: file.name)
        guard let range = answer.range else { return Response(status: answer.status, headers: answer.headers) }
        return try await body(web, file, range, status: answer.status, answer.headers)
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
        let (open, first) = try await ServedBytes.open(file, reading: beginning)
        guard beginning != range else {
            // A complete buffer lets the server send head and body in one write.
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: first))
        }
        let body = ResponseBody(contentLength: Int(length)) { writer in
            try await TimeoutWriter.write(for: web, to: &writer) { timeoutWriter, writer in
                try await send(first, then: beginning.upperBound..<range.upperBound, of: open, timeoutWriter, &writer)
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// Reads the next piece while the previous one is sent; at most two pieces are in memory for each slow client.
    private static func send(
        _ first: ByteBuffer, then rest: Range<Int64>, of file: ServedBytes, _ timeoutWriter: TimeoutWriter,
        _ writer: inout any ResponseBodyWriter
    ) async throws {
        var ready = first
        var offset = rest.lowerBound
        while offset < rest.upperBound {
            let next = offset..<min(offset + chunk, rest.upperBound)
            async let ahead = file.read(next)
            try await timeoutWriter.write(ready, to: &writer)
            ready = try await ahead
            offset = next.upperBound
        }
        try await timeoutWriter.write(ready, to: &writer)
    }
}
