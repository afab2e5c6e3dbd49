import GRDB
import GuardianCore

/// Who is logged in where.
public struct Sessions: Sendable {
    let identity: IdentityStore

    /// Returns an account's sessions, the last used first: one's own, or anybody's with `managePeople`.
    ///
    /// - Throws: `notFound` also for an account that the caller may not see.
    public func list(of account: AccountID, by caller: Caller) async throws -> [Session] {
        try caller.principal.requireOwn(account)
        let now = identity.clock.now()
        return try await identity.read { database in
            _ = try AccountRows.require(account, in: database)
            return try SessionRows.all(of: account, at: now, in: database)
        }
    }

    /// Ends a session, and the account's login link: one's own, or anybody's with `managePeople`.
    ///
    /// - Throws: `notFound` also for a session that the caller may not see.
    public func revoke(_ id: SessionID, by caller: Caller) async throws {
        try await identity.write { [identity] database in
            let session = try SessionRows.find(id, at: identity.clock.now(), in: database)
            guard let session, caller.principal.commands(session.account) else {
                throw GuardianError(.notFound, "There is no such session.")
            }
            _ = try SessionRows.delete(id, in: database)
            // Whoever used the session may have made one.
            try LinkRows.delete(of: session.account, in: database)
            try identity.record(
                .sessionRevoked, of: session.account, by: caller, about: id.description, in: database)
        }
    }

    /// Ends an account's sessions, and what they made: its login link and its tokens. What root made stays (`Tokens.endMade`).
    ///
    /// - Parameter sparing: whether the session that asks goes on.
    /// - Returns: how many ended.
    /// - Throws: `notFound` also for an account that the caller may not see.
    @discardableResult
    public func revokeAll(of account: AccountID, sparing: Bool = false, by caller: Caller) async throws -> Int {
        try caller.principal.requireOwn(account)
        return try await identity.write { [identity] database in
            _ = try AccountRows.require(account, in: database)
            let kept = sparing ? caller.principal.session : nil
            let count = try Self.endAll(of: account, except: kept, in: database)
            try Tokens.endMade(bySessionsOf: account, by: caller, identity, in: database)
            try identity.record(
                .sessionsRevoked, of: account, by: caller, about: account.description, ["sessions": "\(count)"],
                in: database)
            return count
        }
    }

    /// Ends the session that asks; without one nothing happens.
    public func logOut(_ caller: Caller) async throws {
        guard let id = caller.principal.session else { return }
        try await identity.write { [identity] database in
            guard try SessionRows.delete(id, in: database) else { return }
            try identity.record(
                .logout, of: caller.principal.account, by: caller, about: id.description, in: database)
        }
    }

    /// Begins a session in a transaction.
    static func begin(
        for account: AccountID, isRemembered: Bool, from origin: RequestOrigin, secret: Secret<String>,
        _ identity: IdentityStore, in database: Database
    ) throws -> NewSession {
        let (now, settings) = (identity.clock.now(), identity.settings)
        let idleLimit = isRemembered ? settings.rememberedIdleLimit : settings.idleLimit
        let session = Session(
            id: identity.randomness.identifier(at: now), account: account, isRemembered: isRemembered, createdAt: now,
            lastSeenAt: now, idleEndsAt: now + idleLimit, endsAt: now + settings.sessionLimit,
            address: origin.address.text, agent: origin.agent)
        try SessionRows.deleteEnded(at: now, in: database)
        try SessionRows.keepNewest(settings.sessionsPerAccount - 1, of: account, in: database)
        try SessionRows.insert(session, secret: try digest(secret), idleLimit: idleLimit, in: database)
        return NewSession(session: session, secret: secret)
    }

    /// Begins the session of a login in a transaction: ends the one that the browser had (`replaced`), and remembers the place.
    static func begin(
        for account: AccountID, isRemembered: Bool, replacing replaced: Secret<String>?, from origin: RequestOrigin,
        secret: Secret<String>, _ identity: IdentityStore, in database: Database
    ) throws -> NewSession {
        let now = identity.clock.now()
        if let digest = replaced.flatMap(OpaqueSecret.digest),
            let old = try SessionRows.find(secret: digest, at: now, in: database)
        {
            _ = try SessionRows.delete(old.id, in: database)
        }
        let session = try begin(
            for: account, isRemembered: isRemembered, from: origin, secret: secret, identity, in: database)
        try PlaceRows.see(
            origin.address, by: account, at: now, keeping: identity.settings.knownPlacesPerAccount, in: database)
        return session
    }

    /// Gives a session a new secret in a transaction: whoever knows the old one is out.
    private static func renew(_ id: SessionID, _ identity: IdentityStore, in database: Database) throws -> NewSession {
        guard let session = try SessionRows.find(id, at: identity.clock.now(), in: database) else {
            throw GuardianError(.unauthenticated, "The session has ended; log in again.")
        }
        let secret = OpaqueSecret.make(identity.randomness)
        try SessionRows.renew(id, secret: try digest(secret), in: database)
        return NewSession(session: session, secret: secret)
    }

    /// Ends an account's sessions and its login link in a transaction: whoever was let in may have made one.
    ///
    /// - Returns: how many sessions ended.
    @discardableResult
    static func endAll(of account: AccountID, except kept: SessionID? = nil, in database: Database) throws -> Int {
        try LinkRows.delete(of: account, in: database)
        return try SessionRows.deleteAll(of: account, except: kept, in: database)
    }

    /// Leaves an account one session, with a new secret, in a transaction: after a change of how its person logs in, whoever got in by what
    /// was before is out, also with a copy of this session's cookie or with a login link.
    static func keepOnly(
        _ id: SessionID, of account: AccountID, _ identity: IdentityStore, in database: Database
    ) throws -> NewSession {
        try endAll(of: account, except: id, in: database)
        return try renew(id, identity, in: database)
    }

    private static func digest(_ secret: Secret<String>) throws -> Hash256 {
        guard let digest = OpaqueSecret.digest(secret) else {
            throw GuardianError(.internal, "A session's secret could not be made.")
        }
        return digest
    }
}

extension Principal {
    /// Whether an account's sessions and tokens are the caller's business.
    func commands(_ account: AccountID) -> Bool {
        self.account == account ? can(.ownAccount) : can(.managePeople)
    }

    /// - Throws: `notFound` when they are not, as if there were no such account.
    func requireOwn(_ account: AccountID) throws {
        guard commands(account) else { throw GuardianError(.notFound, "There is no such account.") }
    }
}
