import GuardianCore
public import GuardianIdentity
import HTTPTypes
import Hummingbird

/// Finds out who sends a request, and refuses what they may not do. One gate serves all routes of a server.
public struct Gate: Sendable {
    /// Whose accounts it knows.
    let realm: AccountRealm
    /// Resolves who asks; `nil` when nobody is logged in. Called for each request, so that a change of rights counts at once.
    private let resolve: @Sendable (_ request: Request, _ origin: RequestOrigin) async throws -> Principal?
    /// Returns when a principal may no longer do what it may do now.
    private let end: @Sendable (Principal) async throws -> Void
    /// Called with what somebody who is logged in wanted, and may not do.
    private let refused: @Sendable (_ request: Request, _ caller: Caller) async -> Void

    /// Whoever reaches the server may do everything: for servers that only this machine reaches.
    public static let open = Gate(resolve: { _, _ in .localRoot }, end: { _ in await Self.never() })

    /// Nobody is let in, whatever proves who they are elsewhere: of accounts in which nobody is.
    public static let closed = Gate(resolve: { _, _ in nil }, end: { _ in })

    /// Only people with an account, and their tokens, are let in. What they are refused is recorded.
    public init(_ access: Access, audit: AuditLog, realm: AccountRealm = .home) {
        // A log that cannot be written must not turn the refusal into something else.
        let record: @Sendable (Request, Caller) async -> Void = { request, caller in
            try? await audit.recordRefusal(of: "\(request.method.rawValue) \(request.uri.path)", by: caller)
        }
        self.init(
            realm: realm,
            resolve: { request, origin in
                let credentials = Credentials(request.headers)
                guard credentials.realm == realm else { return nil }
                switch credentials.proof {
                case .token(let token): return try await access.principal(token: token, from: origin)
                case .session(let secret):
                    let key = request.headers[.guardianRequest]
                    // Whether it may be from a page of this site: it changes nothing, or has the session's key.
                    let isFromHere = [.get, .head].contains(request.method) || key == RequestKey.of(secret)
                    guard isFromHere || key == nil else { return nil }
                    let principal = try await access.principal(session: secret, from: origin)
                    if isFromHere { return principal }
                    if let principal { await record(request, Caller(principal, from: origin)) }
                    throw Self.keyMissing
                case .none: return nil
                }
            }, end: { try await access.untilEnded($0) }, refused: record)
    }

    private static var keyMissing: GuardianError {
        GuardianError(
            .permissionDenied,
            "A request that changes something needs the header X-Guardian-Request of its session; load the page again.")
    }

    package init(
        realm: AccountRealm = .home,
        resolve: @escaping @Sendable (_ request: Request, _ origin: RequestOrigin) async throws -> Principal?,
        end: @escaping @Sendable (Principal) async throws -> Void,
        refused: @escaping @Sendable (_ request: Request, _ caller: Caller) async -> Void = { _, _ in }
    ) {
        self.realm = realm
        self.resolve = resolve
        self.end = end
        self.refused = refused
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
            do { try Self.check(known, permission, access) } catch {
                await refused(request, Caller(known, from: origin))
                throw error
            }
            principal = known
        }
        return principal
    }

    private static func check(_ principal: Principal, _ permission: Permission, _ access: RouteAccess) throws {
        try principal.require(permission)
        switch access {
        case .mayForAllCameras, .mayOrLocal:
            guard principal.cameras == .all else {
                throw GuardianError(.permissionDenied, "This is only for those who see every camera.")
            }
        case .everyone, .may: break
        }
    }

    /// Records what a route itself refuses somebody whom `admit` let in. A wrong password or code is recorded already, and what has a cause
    /// was refused to Guardian, by a disk or a camera.
    func note(_ error: any Error, about request: Request, by caller: Caller) async {
        guard let error = error as? GuardianError, error.code == .permissionDenied, error.cause == nil,
            !error.isWrongProof
        else { return }
        await refused(request, caller)
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
