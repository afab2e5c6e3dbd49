import GuardianCore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// Turns every error that a route throws into a problem response.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return answer(to: error, request: request, context: context)
        }
    }

    private func answer(to error: any Error, request: Request, context: WebContext) -> Response {
        let refusal = Self.refusal(of: error, request: request)
        if refusal.status.code >= 500 {
            // 503 is expected during normal operation, for example when a camera is unavailable.
            let level: Logger.Level = refusal.status.code == 503 ? .notice : .error
            context.logger.log(
                level: level, "request failed",
                metadata: [
                    "method": .string(request.method.rawValue), "path": .string(request.uri.path),
                    "code": .string(refusal.code.rawValue), "detail": .string(refusal.detail),
                    "error": .string("\(error)"),
                ])
        }
        return Problem(
            status: refusal.status, code: refusal.code, detail: refusal.detail, requestID: context.requestID,
            errors: refusal.fields
        ).response(headers: refusal.headers)
    }

    static func refusal(of error: any Error, request: Request) -> HTTPRefusal {
        switch error {
        case let refusal as HTTPRefusal:
            return refusal
        case let error as GuardianError:
            var headers = HTTPFields()
            if error.isRetryable { headers[.retryAfter] = "1" }
            if let seconds = error.context["retryAfter"] { headers[.retryAfter] = seconds }
            return HTTPRefusal(
                status: error.code.httpStatus, code: error.code, detail: error.message, headers: headers,
                fields: FieldError(error).map { [$0] } ?? [])
        case is CancellationError:
            return HTTPRefusal(
                status: .serviceUnavailable, code: .unavailable,
                detail: "The server is shutting down: try again in a moment.",
                headers: [.retryAfter: "1"])
        case is NIOTooManyBytesError:
            return tooLarge
        // Of the rest of the request, after its head was read (RFC 9112, 2.2 and 8). The connection ends with this answer.
        case is HTTPParserError:
            return HTTPRefusal(
                status: .badRequest, code: .invalidArgument,
                detail: "The request's body ended early or is not well formed: check its chunks and its length.")
        case let error as HTTPError where error.status == .notFound:
            return HTTPRefusal(
                status: .notFound, code: .notFound,
                detail: "There is nothing at \(shown(request.uri.path)). The API is described at /api/v1/openapi.yaml.")
        case let error as HTTPError where error.status.code < 500:
            return HTTPRefusal(
                status: error.status, code: .invalidArgument, detail: error.body ?? "The request is not well formed.")
        default:
            return HTTPRefusal(
                status: .internalServerError, code: .internal,
                detail: "An internal error occurred. The server's log has details under this request's id.")
        }
    }

    static let tooLarge = HTTPRefusal(
        status: .contentTooLarge, code: .outOfRange,
        detail: "The request's body is larger than \(BodyLimit.bytes) bytes: send less.")

    /// Returns the path shortened to 80 printable ASCII characters, for use in an error text.
    private static func shown(_ path: String) -> String {
        let plain = path.unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }
        return String(String.UnicodeScalarView(plain.prefix(80)))
    }
}
