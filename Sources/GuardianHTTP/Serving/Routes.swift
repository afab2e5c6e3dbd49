import GuardianCore
import GuardianOperations
import HTTPTypes
import Hummingbird

/// The routes of one server. Each says which query parameters it takes; every other method of a known path is answered
/// with 405 and `Allow`, every other path with 404.
public struct Routes {
    /// What answers a request.
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

    /// A GET route, with HEAD beside it.
    ///
    /// - Parameter path: `{name}` stands for a part of the path, as in `/clips/{id}.mp4`.
    public mutating func get(_ path: String, query names: [String] = [], _ action: @escaping Action) {
        on(.get, path, names, action)
        on(.head, path, names, action)
    }

    /// A GET route whose answer never ends by itself. It has no HEAD, since nobody knows its length.
    public mutating func stream(_ path: String, query names: [String] = [], _ action: @escaping Action) {
        on(.get, path, names, action)
    }

    /// A POST route: it does something. Requests from other sites' pages never reach it (`OriginGuard`).
    public mutating func post(_ path: String, _ action: @escaping Action) { on(.post, path, [], action) }

    /// A PUT route: makes something so, however often it is asked. Guarded like a POST.
    public mutating func put(_ path: String, _ action: @escaping Action) { on(.put, path, [], action) }

    /// A DELETE route: the opposite of the PUT beside it.
    public mutating func delete(_ path: String, _ action: @escaping Action) { on(.delete, path, [], action) }

    /// A GET route that leaves its query to the browser's script.
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
