import GuardianOperations
import HTTPTypes
import Hummingbird

/// The outermost middleware: adds the request id to the response, logs the request and counts it in the metrics.
struct RequestRecord: RouterMiddleware {
    typealias Context = WebContext

    let metrics: MetricsRegistry

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let began = clock.now
        var response = try await next(request, context)
        let seconds = (clock.now - began) / .seconds(1)
        if let name = HTTPField.Name("X-Request-Id") { response.headers[name] = context.requestID }
        let route = context.endpointPath ?? "NotFound"
        metrics.counter(
            "guardian_http_requests_total", help: "Requests answered, by route and status.",
            labels: ["route": route, "status": String(response.status.code)]
        ).increment()
        metrics.histogram(
            "guardian_http_request_seconds", help: "Time until the response head was ready."
        ).observe(seconds)
        context.logger.debug(
            "request",
            metadata: [
                "method": .string(request.method.rawValue), "path": .string(request.uri.path),
                "status": .stringConvertible(response.status.code), "seconds": .stringConvertible(seconds),
            ])
        // A response to HEAD has no body, whichever middleware or route made it.
        return request.method == .head ? response.createHeadResponse() : response
    }
}
