import GuardianCore
import GuardianIdentity
import GuardianOperations
import HTTPTypes
import Hummingbird

/// The routes of one server. Each declares who may use it and its query parameters. Other methods of a known path are answered with 405
/// and `Allow`, unknown paths with 404.
public struct Routes {
    /// The handler of a route.
    public typealias Action = @Sendable (WebRequest) async throws -> Response

    private let router: Router<WebContext>
    private let gate: Gate
    private let limits: RequestLimits
    private let proxies: WebProxies
    private var needs: [String: RouteAccess] = [:]
    private var methods: [String: [HTTPRequest.Method]] = [:]

    /// - Parameter tls: `nil` for a server without TLS, which only this machine reaches.
    init(metrics: MetricsRegistry, gate: Gate, limits: RequestLimits, proxies: WebProxies, tls: WebCertificates?) {
        self.gate = gate
        self.proxies = proxies
        self.limits = limits
        router = Router(context: WebContext.self)
        router.add(middleware: RequestRecord(metrics: metrics))
        router.add(middleware: SecurityHeaders(tls: tls))
        router.add(middleware: ProblemMiddleware())
        router.add(
            middleware: OriginGuard(names: tls?.names ?? .ofThisMachine, scheme: tls == nil ? "http" : "https"))
        router.add(middleware: BodyLimit())
        router.add(middleware: RealmRefusal())
    }

    /// Adds a GET route and its HEAD route.
    ///
    /// - Parameter path: may contain parameters as `{name}`, such as `/clips/{id}.mp4`.
    public mutating func get(
        _ path: String, needs access: RouteAccess, query names: [String] = [], kind: RequestKind = .reading,
        _ action: @escaping Action
    ) {
        on(.get, path, access, names, kind, action)
        on(.head, path, access, names, kind, action)
    }

    /// Adds a GET route with an endless response, and its HEAD route, which answers when GET would begin to.
    public mutating func stream(
        _ path: String, needs access: RouteAccess, query names: [String] = [], _ action: @escaping Action
    ) {
        get(path, needs: access, query: names, action)
    }

    /// Adds a POST route. `OriginGuard` rejects requests from pages of other sites.
    public mutating func post(
        _ path: String, needs access: RouteAccess, kind: RequestKind = .changing, _ action: @escaping Action
    ) {
        on(.post, path, access, [], kind, action)
    }

    /// Adds a PUT route, which is idempotent. `OriginGuard` protects it as it does POST.
    public mutating func put(_ path: String, needs access: RouteAccess, _ action: @escaping Action) {
        on(.put, path, access, [], .changing, action)
    }

    /// Adds a DELETE route, which reverts the PUT of the same path.
    public mutating func delete(_ path: String, needs access: RouteAccess, _ action: @escaping Action) {
        on(.delete, path, access, [], .changing, action)
    }

    /// Adds a GET route for everyone, and its HEAD route, whose query is not checked: the script in the browser uses it. A page
    /// has nothing in it but what every installation has.
    mutating func page(_ path: String, _ action: @escaping Action) {
        on(.get, path, .everyone, nil, .reading, action)
        on(.head, path, .everyone, nil, .reading, action)
    }

    private mutating func on(
        _ method: HTTPRequest.Method, _ path: String, _ access: RouteAccess, _ names: [String]?,
        _ kind: RequestKind, _ action: @escaping Action
    ) {
        methods[path, default: []].append(method)
        needs["\(method.rawValue) \(path)"] = access
        router.on(RouterPath(path), method: method) { [gate, limits, proxies] request, context in
            // First, so that a stranger learns nothing of what a request would have been answered.
            let arrival = Arrival(request, context, proxies: proxies)
            let origin = arrival.origin
            let caller: Caller
            do { caller = Caller(try await gate.admit(request, arrival, to: access), from: origin) } catch {
                try limits.refuse(kind, from: origin.address)
                throw error
            }
            try limits.admit(kind, by: caller)
            let query = try QueryParameters(names == nil ? nil : request.uri.query, allowing: names ?? [])
            let web = WebRequest(
                request: request, context: context, query: query, caller: caller,
                gate: gate, bodyLimit: access == .everyone ? BodyLimit.bytesOfStrangers : BodyLimit.bytes)
            do { return try await action(web) } catch {
                await gate.note(error, about: request, by: caller)
                throw error
            }
        }
    }

    /// Every route as `GET /path`, and who may use it.
    var operations: [String: RouteAccess] { needs }

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
