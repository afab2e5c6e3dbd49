import GRDB
import GuardianCore

/// Credentials for programs.
public struct Tokens: Sendable {
    let identity: IdentityStore
    let proof: PasswordProof

    /// Returns an account's tokens, the newest first: one's own, or anybody's with `managePeople`.
    ///
    /// - Throws: `notFound` also for an account that the caller may not see.
    public func list(of account: AccountID, by caller: Caller) async throws -> [Token] {
        try caller.principal.requireOwn(account)
        return try await identity.read { database in
            _ = try AccountRows.require(account, in: database)
            return try TokenRows.all(of: account, in: database)
        }
    }

    /// Makes a token for the caller's own account, or for any when root asks. It can do nothing that the caller cannot do, and
    /// one that a token makes goes with that one. One that a session makes always has an end.
    ///
    /// - Parameter password: one's own, if a session asks: a stolen one must not make itself a way in that outlasts it.
    /// - Throws: `invalidArgument` with the `field`, also for chosen cameras with `managePeople`, `permissionDenied` for a scope or cameras beyond the caller's
    ///   and when the password is wrong, `resourceExhausted` when the account has too many and after too many wrong passwords,
    ///   `unauthenticated` when the session or token that asks has ended meanwhile.
    public func create(
        _ request: TokenRequest, for account: AccountID, password: Secret<String>? = nil, by caller: Caller
    ) async throws -> NewToken {
        guard caller.principal.account == account || caller.principal.credential == .localRoot else {
            throw GuardianError(.notFound, "There is no such account.")
        }
        try caller.principal.require(.ownAccount)
        let name = PlainText.cut(request.name, bytes: 256).split(separator: " ").joined(separator: " ")
        guard (1...64).contains(name.count) else {
            throw Self.refusal("A token's name has 1 to 64 characters; it says what the token is for.", "name")
        }
        guard !request.scope.isEmpty else { throw Self.refusal("Choose what the token may do.", "scope") }
        try request.cameras.requireWithinLimit()
        let now = identity.clock.now()
        let end = try end(of: request, by: caller.principal, at: now)
        guard request.scope.isSubset(of: caller.principal.permissions) else {
            throw GuardianError(
                .permissionDenied, "A token can do only what you can do yourself.", context: ["field": "scope"])
        }
        // `all` of somebody who sees some cameras are those cameras, as they are chosen then.
        guard request.cameras == .all || request.cameras.isSubset(of: caller.principal.cameras) else {
            throw GuardianError(
                .permissionDenied, "A token can show only cameras that you see yourself.", context: ["field": "cameras"]
            )
        }
        guard request.cameras == .all || request.scope.isDisjoint(with: Permission.forAllCamerasOnly) else {
            throw Self.refusal(
                "A token that manages people sees every camera: choose all cameras, or leave managing people out.",
                "scope")
        }
        if caller.principal.session != nil {
            let own = try await identity.read { try AccountRows.require(account, in: $0) }
            try await proof.require(password ?? Secret(""), of: own, field: "password", by: caller)
        }
        let secret = TokenText.make(identity.randomness)
        guard let digest = OpaqueSecret.digest(secret) else {
            throw GuardianError(.internal, "A token could not be made.")
        }
        let id: TokenID = identity.randomness.identifier(at: now)
        let token = try await identity.write { [identity] database in
            let owner = try AccountRows.require(account, in: database)
            guard try TokenRows.all(of: account, in: database).count < identity.settings.tokensPerAccount else {
                throw GuardianError(
                    .resourceExhausted,
                    "There are \(identity.settings.tokensPerAccount) tokens already; revoke one that is not needed.")
            }
            // Whoever ends a session or token ends what it made: nothing may be made by one that has just ended.
            let parent = try Self.requireOpen(caller.principal.credential, at: identity.clock.now(), in: database)
            let token = Token(
                id: id, account: account, maker: caller.principal.account, parent: parent?.id, name: name,
                scope: request.scope.intersection(owner.role.permissions),
                cameras: parent.map { request.cameras.intersection($0.cameras) } ?? request.cameras, createdAt: now,
                endsAt: [end, parent?.endsAt].compactMap(\.self).min(), lastUsedAt: nil)
            try TokenRows.insert(token, secret: digest, in: database)
            try identity.recordChange(
                .tokenCreated, of: account, by: caller, about: id.description,
                ["name": name, "scope": token.scope.map(\.rawValue).sorted().joined(separator: " ")], in: database)
            return token
        }
        return NewToken(token: token, secret: secret)
    }

    /// Revokes a token and all that it made: one's own, or anybody's with `managePeople`.
    ///
    /// - Throws: `notFound` also for a token that the caller may not see.
    public func revoke(_ id: TokenID, by caller: Caller) async throws {
        try await identity.write { [identity] database in
            let account = try TokenRows.account(of: id, in: database)
            guard let account, caller.principal.commands(account) else {
                throw GuardianError(.notFound, "There is no such token.")
            }
            try Self.record(try TokenRows.delete(id, in: database), endedBy: caller, identity, in: database)
        }
    }

    /// Revokes an account's tokens, whoever made them.
    ///
    /// - Returns: how many there were.
    /// - Throws: `notFound` also for an account that the caller may not see.
    @discardableResult
    public func revokeAll(of account: AccountID, by caller: Caller) async throws -> Int {
        try caller.principal.requireOwn(account)
        return try await identity.write { [identity] database in
            _ = try AccountRows.require(account, in: database)
            return try Self.endAll(of: account, by: caller, identity, in: database)
        }
    }

    /// Deletes in a transaction what an account's sessions made, and what those tokens made: whoever was let in may have made one. What root
    /// made, and what it made in turn, came from no session and stays; so do tokens of which it was not recorded who made them.
    static func endMade(
        bySessionsOf account: AccountID, by caller: Caller, _ identity: IdentityStore, in database: Database
    ) throws {
        let tokens = try TokenRows.deleteMade(bySessionsOf: account, in: database)
        try record(tokens, endedBy: caller, identity, in: database)
    }

    /// Deletes an account's tokens in a transaction, whoever made them.
    ///
    /// - Returns: how many there were.
    @discardableResult
    static func endAll(
        of account: AccountID, by caller: Caller, _ identity: IdentityStore, in database: Database
    ) throws -> Int {
        let tokens = try TokenRows.deleteAll(of: account, in: database)
        try record(tokens, endedBy: caller, identity, in: database)
        return tokens.count
    }

    /// Each token has its entry: there are no more of them than of tokens that were made.
    private static func record(
        _ tokens: [Token], endedBy caller: Caller, _ identity: IdentityStore, in database: Database
    ) throws {
        for token in tokens {
            try identity.record(
                .tokenRevoked, by: caller, about: token.id.description, ["name": token.name], in: database)
        }
    }

    /// Returns when a token ends; `nil`: when it is revoked.
    ///
    /// - Throws: `invalidArgument`.
    private func end(of request: TokenRequest, by principal: Principal, at now: Timestamp) throws -> Timestamp? {
        let isOfSession = principal.session != nil
        guard let end = request.endsAt else { return isOfSession ? now + identity.settings.tokenLifetime : nil }
        guard now < end, end.isPlausible else {
            throw Self.refusal("The token's end is in the past or too far away.", "endsAt")
        }
        let limit = identity.settings.tokenLimit
        guard !isOfSession || end <= now + limit else {
            let days = limit.milliseconds / 86_400_000
            throw Self.refusal("A token ends within \(days) days; choose an earlier end.", "endsAt")
        }
        return end
    }

    /// Returns the token that asks; `nil` for a session and root.
    ///
    /// - Throws: `unauthenticated` when what asks has ended.
    private static func requireOpen(
        _ credential: Principal.Credential, at now: Timestamp, in database: Database
    ) throws -> Token? {
        switch credential {
        case .localRoot: return nil
        case .session(let id):
            guard try SessionRows.find(id, at: now, in: database) != nil else {
                throw GuardianError(.unauthenticated, "The session has ended; log in again.")
            }
            return nil
        case .token(let id):
            guard let token = try TokenRows.find(id, at: now, in: database) else {
                throw GuardianError(.unauthenticated, "The token has ended.")
            }
            return token
        case .none: throw GuardianError(.unauthenticated, "Log in to make a token.")
        }
    }

    private static func refusal(_ message: String, _ field: String) -> GuardianError {
        GuardianError(.invalidArgument, message, context: ["field": field])
    }
}
