import GuardianCore
public import GuardianIdentity
import HTTPTypes
import Hummingbird

/// Finds out who sends a request, and refuses what they may not do. One gate serves all routes of a server.
public struct Gate: Sendable {
    /// Resolves who asks; `nil` when nobody is logged in. Called for each request, so that a change of rights counts at once.
    private let resolve: @Sendable (_ request: Request, _ origin: RequestOrigin) async throws -> Principal?
    /// Returns when a principal may no longer do what it may do now.
    private let end: @Sendable (Principal) async throws -> Void

    /// Whoever reaches the server may do everything: for servers that only this machine reaches.
    public static let open = Gate(resolve: { _, _ in .localRoot }, end: { _ in await Self.never() })

    /// Only people with an account, and their tokens, are let in.
    public init(_ access: Access) {
        self.init(
            resolve: { request, origin in
                switch Credentials(request.headers) {
                case .token(let token): try await access.principal(token: token, from: origin)
                case .session(let secret):
                    try Self.hasKey(request, of: secret) ? await access.principal(session: secret, from: origin) : nil
                case .none: nil
                }
            }, end: { try await access.untilEnded($0) })
    }

    /// Whether a request with a cookie may be from a page of this site: one that changes nothing, or one with the session's key.
    private static func hasKey(_ request: Request, of secret: Secret<String>) throws -> Bool {
        if [.get, .head].contains(request.method) { return true }
        guard let key = request.headers[.guardianRequest] else {
            throw GuardianError(
                .permissionDenied,
                "A request that changes something needs the header X-Guardian-Request of its session; load the page again."
            )
        }
        return key == RequestKey.of(secret)
    }

    package init(
        resolve: @escaping @Sendable (_ request: Request, _ origin: RequestOrigin) async throws -> Principal?,
        end: @escaping @Sendable (Principal) async throws -> Void
    ) {
        self.resolve = resolve
        self.end = end
    }

    /// - Throws: `unauthenticated` when the route is not for everyone and nobody is logged in, `permission_denied` when whoever
    ///   is may not use it.
    func admit(_ request: Request, _ arrival: Arrival, to access: RouteAccess) async throws -> Principal {
        let origin = arrival.origin
        let principal: Principal
        switch access {
        case .everyone:
            // A database that cannot be read must not keep people from the login page.
            return (try? await resolve(request, origin)) ?? .nobody
        case .mayOrLocal where arrival.isLocal: return .nobody
        case .may(let permission), .mayForAllCameras(let permission), .mayOrLocal(let permission):
            guard let known = try await resolve(request, origin) else {
                throw GuardianError(.unauthenticated, "You are not logged in, or your login has ended: log in again.")
            }
            try known.require(permission)
            principal = known
        }
        switch access {
        case .mayForAllCameras, .mayOrLocal:
            guard principal.cameras == .all else {
                throw GuardianError(.permissionDenied, "This is only for those who see every camera.")
            }
        case .everyone, .may: break
        }
        return principal
    }

    /// Returns when a stream that was begun by this principal has to end.
    ///
    /// - Throws: `CancellationError`, and what reading the accounts throws: then the stream has to end too.
    func untilEnded(_ principal: Principal) async throws {
        // What everyone may see ends for nobody.
        if principal == .nobody { await Self.never() } else { try await end(principal) }
    }

    private static func never() async {
        let (stream, _) = AsyncStream<Never>.makeStream()
        for await _ in stream {}
    }
}
