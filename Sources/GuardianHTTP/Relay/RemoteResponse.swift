import GuardianCore
import HTTPTypes
import Hummingbird

/// Answers GET and HEAD for a file that another server has, with ranges, conditional requests and a body that respects back pressure.
enum RemoteResponse {
    /// - Parameter name: the file name under which a browser saves it; ASCII letters, digits and punctuation only.
    static func make(
        for web: WebRequest, content: RemoteContent, contentType: String = "application/octet-stream", name: String
    ) async throws -> Response {
        let answer = try RangeAnswer(
            to: web.request, length: content.size, etag: content.etag, contentType: contentType,
            isGrowing: content.isGrowing, name: name)
        var headers = answer.headers
        guard let range = answer.range else { return Response(status: answer.status, headers: headers) }
        headers[.contentLength] = String(range.upperBound - range.lowerBound)
        guard web.request.method == .get, !range.isEmpty else {
            // Reading one byte checks that the object exists, so that HEAD returns the same status as GET.
            if content.size > 0 { _ = try await content.open(0..<1) }
            return Response(status: answer.status, headers: headers)
        }
        let produce = try await content.open(range)
        let length = range.upperBound - range.lowerBound
        let body = ResponseBody(contentLength: Int(length)) { writer in
            try await TimeoutWriter.write(for: web, to: &writer) { timeoutWriter, writer in
                var sent: Int64 = 0
                try await RemoteContent.relay(produce) { piece in
                    sent += Int64(piece.readableBytes)
                    // More would be taken for the beginning of the next answer on this connection.
                    guard sent <= length else { throw GuardianError(.dataLoss, "More came than was asked for.") }
                    try await timeoutWriter.write(piece, to: &writer)
                }
                // Throwing closes the connection, so that the client does not take a short response for a complete one.
                guard sent == length else { throw GuardianError(.dataLoss, "A file ended before its length.") }
            }
            try await writer.finish(nil)
        }
        return Response(status: answer.status, headers: headers, body: body)
    }
}
