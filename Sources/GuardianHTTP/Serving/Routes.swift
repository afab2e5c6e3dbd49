import GuardianCore
import GuardianOperations
import HTTPTypes
import Hummingbird

/// The routes of one server. Each declares its query parameters. Other methods of a known path are answered with 405
/// and `Allow`, unknown paths with 404.
public struct Routes {
    /// The handler of a route.
    public typealias Action = @Sendable (WebRequest) async throws -> Response

    private let router: Router<WebContext>
    private var methods: [String: [HTTPRequest.Method]] = [:]

    init(metrics: MetricsRegistry) {
        router = Router(context: WebContext.self)
        router.add(middleware: RequestRecord(metrics: metrics))
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: OriginGuard())
        router.add(middleware: BodyLimit())
    }

    /// Adds a GET route and its HEAD route.
    ///
    /// - Parameter path: may contain parameters as `{name}`, such as `/clips/{id}.mp4`.
    public mutating func get(_ path: String, query names: [String] = [], _ action: @escaping Action) {
        on(.get, path, names, action)
        on(.head, path, names, action)
    }

    /// Adds a GET route with an endless response, and its HEAD route, which answers when GET would begin to.
    public mutating func stream(_ path: String, query names: [String] = [], _ action: @escaping Action) {
        get(path, query: names, action)
    }

    /// Adds a POST route. `OriginGuard` rejects requests from pages of other sites.
    public mutating func post(_ path: String, _ action: @escaping Action) { on(.post, path, [], action) }

    /// Adds a PUT route, which is idempotent. `OriginGuard` protects it as it does POST.
    public mutating func put(_ path: String, _ action: @escaping Action) { on(.put, path, [], action) }

    /// Adds a DELETE route, which reverts the PUT of the same path.
    public mutating func delete(_ path: String, _ action: @escaping Action) { on(.delete, path, [], action) }

    /// Adds a GET route, and its HEAD route, whose query is not checked: the script in the browser uses it.
    mutating func page(_ path: String, _ action: @escaping Action) {
        on(.get, path, nil, action)
        on(.head, path, nil, action)
    }

    private mutating func on(
        _ method: HTTPRequest.Method, _ path: String, _ names: [String]?, _ action: @escaping Action
    ) {
        methods[path, default: []].append(method)
        router.on(RouterPath(path), method: method) { request, context in
            let query = try QueryParameters(names == nil ? nil : request.uri.query, allowing: names ?? [])
            return try await action(WebRequest(request: request, context: context, query: query))
        }
    }

    /// Every route as `GET /path`.
    var operations: Set<String> {
        Set(methods.flatMap { path, methods in methods.map { "\($0.rawValue) \(path)" } })
    }

    func responder() -> RouterResponder<WebContext> {
        for (path, allowed) in methods {
            let allow = allowed.map(\.rawValue).joined(separator: ", ")
            for method in Self.known where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { request, _ -> Response in
                    throw HTTPRefusal(
                        status: .methodNotAllowed, code: .unimplemented,
                        detail: "\(request.method.rawValue) is not possible here. Possible: \(allow).",
                        headers: [.allow: allow])
                }
            }
        }
        return router.buildResponder()
    }

    private static let known: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .delete, .patch, .options, .trace, .connect]
        + ["QUERY"].compactMap { HTTPRequest.Method($0) }
}
