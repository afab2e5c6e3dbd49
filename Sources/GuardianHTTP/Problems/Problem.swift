import Foundation
import GuardianCore
import HTTPTypes
import Hummingbird

/// An error response as in RFC 9457, with the additional members `code`, `requestId` and `errors`.
public struct Problem: Codable, Sendable {
    /// Always `about:blank`: `title` and `status` are those of HTTP, `code` is Guardian's.
    public var type = "about:blank"
    /// The reason phrase of the status.
    public var title: String
    public var status: Int
    /// What happened and what to do, for people.
    public var detail: String
    /// One of gRPC's canonical codes.
    public var code: GuardianError.Code
    public var requestId: String
    /// What is wrong with single members of the request's body; missing when that is not known.
    public var errors: [FieldError]?

    public init(
        status: HTTPResponse.Status, code: GuardianError.Code, detail: String, requestID: String,
        errors: [FieldError] = []
    ) {
        self.errors = errors.isEmpty ? nil : errors
        title = status.reasonPhrase.isEmpty ? "Error" : status.reasonPhrase
        self.status = status.code
        self.code = code
        self.detail = detail
        requestId = requestID
    }

    /// Makes the response.
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
