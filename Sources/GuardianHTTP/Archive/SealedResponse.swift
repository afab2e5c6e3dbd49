import GuardianCore
import HTTPTypes
import Hummingbird

/// Answers GET and HEAD for a sealed file: ranges, conditions, and a body that comes as fast as the peer takes it.
enum SealedResponse {
    /// - Parameter name: under which a browser saves it; plain letters only.
    static func make(for web: WebRequest, content: SealedContent, name: String) async throws -> Response {
        let answer = try RangeAnswer(
            to: web.request, length: content.size, etag: content.etag, contentType: "application/octet-stream",
            isGrowing: content.isGrowing, name: name)
        var headers = answer.headers
        guard let range = answer.range else { return Response(status: answer.status, headers: headers) }
        headers[.contentLength] = String(range.upperBound - range.lowerBound)
        guard web.request.method == .get, !range.isEmpty else {
            // A HEAD that says 200 where GET would not find the object were a lie.
            if content.size > 0 { _ = try await content.open(0..<1) }
            return Response(status: answer.status, headers: headers)
        }
        let delivery = try await content.open(range)
        let (channel, length) = (web.context.channel, range.upperBound - range.lowerBound)
        let body = ResponseBody(contentLength: Int(length)) { writer in
            try await PatientWriter.write(on: channel, to: &writer) { patient, writer in
                var sent: Int64 = 0
                try await SealedContent.relay(delivery) { piece in
                    try await patient.write(piece, to: &writer)
                    sent += Int64(piece.readableBytes)
                }
                // An answer that is short ends with its connection, never as if it were whole.
                guard sent == length else { throw GuardianError(.dataLoss, "A sealed file ended before its length.") }
            }
            try await writer.finish(nil)
        }
        return Response(status: answer.status, headers: headers, body: body)
    }
}
