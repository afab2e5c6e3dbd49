import Foundation
import GuardianCore
import HTTPTypes
import Hummingbird

/// An error as it goes over HTTP: RFC 9457, with the platform's `code` and the request's id beside its own members.
public struct Problem: Codable, Sendable {
    /// Always `about:blank`: `title` and `status` say what HTTP says, `code` what the platform says.
    public var type = "about:blank"
    /// The status' own phrase.
    public var title: String
    public var status: Int
    /// For a person: what happened and what to do.
    public var detail: String
    /// One of gRPC's canonical codes.
    public var code: GuardianError.Code
    public var requestId: String

    public init(status: HTTPResponse.Status, code: GuardianError.Code, detail: String, requestID: String) {
        title = status.reasonPhrase.isEmpty ? "Error" : status.reasonPhrase
        self.status = status.code
        self.code = code
        self.detail = detail
        requestId = requestID
    }

    /// The answer that carries it.
    public func response(headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        let body = (try? JSON.encode(self)) ?? ByteBuffer()
        return Response(
            status: HTTPResponse.Status(code: status, reasonPhrase: title), headers: headers,
            body: ResponseBody(byteBuffer: body))
    }
}
