import GRDB
import GuardianCore

/// Finds out who asks, and waits until somebody may no longer ask.
public struct Access: Sendable {
    let identity: IdentityStore
    let monotonic: any MonotonicClock
    /// The token of command lines on this machine; `nil` where there is none.
    var local: LocalToken?

    /// Returns who has a session; `nil` when the secret is of none, or it has ended.
    public func principal(session secret: Secret<String>, from origin: RequestOrigin) async throws -> Principal? {
        guard let digest = OpaqueSecret.digest(secret) else { return nil }
        let now = identity.clock.now()
        let found = try await identity.read { database in
            try SessionRows.find(secret: digest, at: now, in: database).flatMap { session in
                try Self.principal(of: session, in: database).map { ($0, session.lastSeenAt) }
            }
        }
        guard let (principal, seen) = found else { return nil }
        await see(principal, seen: seen, at: now, from: origin)
        return principal
    }

    /// Returns who has a token; `nil` when the text is of none, or it has expired.
    public func principal(token secret: Secret<String>, from origin: RequestOrigin) async throws -> Principal? {
        guard TokenText.isWellFormed(secret), let digest = OpaqueSecret.digest(secret) else { return nil }
        if let local, local.isRight(secret) { return .localRoot }
        let now = identity.clock.now()
        let found = try await identity.read { database in
            try TokenRows.find(secret: digest, at: now, in: database).flatMap { token in
                try Self.principal(of: token, in: database).map { ($0, token.lastUsedAt) }
            }
        }
        guard let (principal, used) = found else { return nil }
        await see(principal, seen: used, at: now, from: origin)
        return principal
    }

    /// Returns when a principal's session or token has ended, or its rights are others than they were: a stream that it was
    /// allowed then has to end. Changes by this process are noticed at once, those by another one within a second while
    /// `Identity.run` runs. An open stream counts as use of the session.
    ///
    /// - Throws: `CancellationError`; what reading the database throws, and then the stream has to end too.
    public func untilEnded(_ principal: Principal) async throws {
        guard principal.credential != .localRoot else { return try await monotonic.sleep(for: .seconds(86_400 * 365)) }
        while true {
            let mark = identity.generation.value
            let now = identity.clock.now()
            let found = try await identity.read { try Self.current(principal.credential, at: now, in: $0) }
            guard let found, found.principal.hasSameRights(as: principal) else { return }
            await see(principal, seen: found.seen, at: now, from: nil)
            // A minute at most, because the wall clock, by which sessions end, may be set meanwhile.
            let left = found.ends.map { Duration.milliseconds(max(1, $0 - now)) } ?? .seconds(60)
            try await identity.generation.wait(beyond: mark, atMost: min(left, .seconds(60)), monotonic: monotonic)
        }
    }

    private struct Current {
        var principal: Principal
        var seen: Timestamp?
        var ends: Timestamp?
    }

    private static func current(
        _ credential: Principal.Credential, at now: Timestamp, in database: Database
    ) throws -> Current? {
        switch credential {
        case .session(let id):
            guard let session = try SessionRows.find(id, at: now, in: database) else { return nil }
            let principal = try principal(of: session, in: database)
            return principal.map { Current(principal: $0, seen: session.lastSeenAt, ends: session.endsAt) }
        case .token(let id):
            guard let token = try TokenRows.find(id, at: now, in: database) else { return nil }
            let principal = try principal(of: token, in: database)
            return principal.map { Current(principal: $0, seen: token.lastUsedAt, ends: token.endsAt) }
        case .localRoot: return Current(principal: .localRoot)
        case .none: return nil
        }
    }

    private static func principal(of session: Session, in database: Database) throws -> Principal? {
        guard let account = try enabled(session.account, in: database) else { return nil }
        return Principal(
            credential: .session(session.id), account: account.id, name: account.name.text, role: account.role,
            cameras: account.cameras)
    }

    private static func principal(of token: Token, in database: Database) throws -> Principal? {
        guard let account = try enabled(token.account, in: database) else { return nil }
        return Principal(
            credential: .token(token.id), account: account.id, name: account.name.text, role: account.role,
            cameras: account.cameras, scope: token.scope, limits: token.cameras)
    }

    private static func enabled(_ id: AccountID, in database: Database) throws -> Account? {
        try AccountRows.find(id, in: database).flatMap { $0.isDisabled ? nil : $0 }
    }

    /// Writes down that a credential was used, at most once a minute. When that fails, for example because the disk is full,
    /// the request goes on all the same.
    private func see(_ principal: Principal, seen: Timestamp?, at now: Timestamp, from origin: RequestOrigin?) async {
        // A clock that was set back writes nothing, until it has passed what is stored.
        if let seen, now - seen < identity.settings.seenInterval.milliseconds { return }
        try? await identity.write { database in
            switch principal.credential {
            case .session(let id): try SessionRows.see(id, at: now, from: origin, in: database)
            case .token(let id): try TokenRows.use(id, at: now, in: database)
            case .localRoot, .none: break
            }
        }
    }
}
