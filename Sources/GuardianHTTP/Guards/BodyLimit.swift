import HTTPTypes
import Hummingbird

/// Rejects requests whose `Content-Length` exceeds what any route accepts, before the body is read.
struct BodyLimit: RouterMiddleware {
    typealias Context = WebContext

    static let bytes = 64 * 1024
    /// Of routes for everyone: what strangers send is held in memory until it is whole, in many requests at once.
    static let bytesOfStrangers = 4 * 1024

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if let text = request.headers[.contentLength] {
            guard let length = Int(text), length >= 0 else {
                throw HTTPRefusal(
                    status: .badRequest, code: .invalidArgument, detail: "Content-Length is not a number.")
            }
            guard length <= Self.bytes else { throw ProblemMiddleware.tooLarge }
        }
        return try await next(request, context)
    }
}
