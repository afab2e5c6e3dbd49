import GuardianCore
public import GuardianIdentity
import GuardianOperations
import Hummingbird
import Logging

/// The realms of a server besides home.
public protocol WebRealms: Sendable {
    /// The realm that alone has this path, whoever asks; `nil` for a path that each realm has.
    func owner(ofPath path: String) -> AccountRealm?

    /// Returns the routes of a realm. For one that does not exist they are those of a realm in which nobody has an account: nobody learns
    /// which realms there are.
    ///
    /// - Throws: `unavailable` when its accounts cannot be opened now.
    func responder(of realm: AccountRealm, _ maker: RealmRoutes) async throws -> RouterResponder<WebContext>
}

/// Makes the routes of a realm as those of the server's own, with the same guards and limits.
public struct RealmRoutes: Sendable {
    let metrics: MetricsRegistry
    let limits: RequestLimits
    let proxies: WebProxies
    let tls: WebCertificates?

    /// - Parameters:
    ///   - gate: of the realm's accounts.
    ///   - add: adds all routes but those of the authority. `/metrics` is the server's own: it tells of every realm.
    public func responder(
        _ gate: Gate, _ add: (inout Routes) throws -> Void
    ) rethrows -> RouterResponder<WebContext> {
        var routes = Routes(metrics: metrics, gate: gate, limits: limits, proxies: proxies, tls: tls)
        routes.addAuthority(tls)
        try add(&routes)
        return routes.responder()
    }
}

/// Passes each request to the routes of the realm that it is about.
public struct RealmResponder: HTTPResponder {
    public typealias Context = WebContext

    /// Those of home.
    let home: RouterResponder<WebContext>
    /// `nil`: there is home alone, whatever a request names.
    let others: (any WebRealms)?
    let maker: RealmRoutes

    public func respond(to request: Request, context: WebContext) async throws -> Response {
        guard let others else { return try await home.respond(to: request, context: context) }
        var context = context
        do {
            context.realm = try others.owner(ofPath: request.uri.path) ?? AccountRealm.of(request.headers)
            guard context.realm != .home else { return try await home.respond(to: request, context: context) }
            let routes = try await others.responder(of: context.realm, maker)
            return try await routes.respond(to: request, context: context)
        } catch {
            // Pages and their files are the same for everybody: a browser whose realm cannot be opened now can still show that.
            if request.uri.path.hasPrefix("/api/") {
                context.refusal = GuardianError.wrap(error, "It cannot be answered now.")
            }
            return try await home.respond(to: request, context: context)
        }
    }
}

/// Refuses what no realm answers, behind the guards of every request.
struct RealmRefusal: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if let refusal = context.refusal { throw refusal }
        return try await next(request, context)
    }
}
