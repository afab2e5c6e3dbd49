import GRDB
import GuardianCore

/// Credentials for programs.
public struct Tokens: Sendable {
    let identity: IdentityStore

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
    /// one that a token makes ends no later than that one.
    ///
    /// - Throws: `invalidArgument` with the `field`, also for chosen cameras with `managePeople`, `permissionDenied` for a scope or cameras beyond the caller's,
    ///   `resourceExhausted` when the account has too many.
    public func create(
        _ request: TokenRequest, for account: AccountID, by caller: Caller
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
        if let end = request.endsAt, end <= now || !end.isPlausible {
            throw Self.refusal("The token's end is in the past or too far away.", "endsAt")
        }
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
            var cameras = request.cameras
            var end = request.endsAt
            if case .token(let parent) = caller.principal.credential {
                guard let parent = try TokenRows.find(parent, at: now, in: database) else {
                    throw GuardianError(.unauthenticated, "The token has ended.")
                }
                cameras = cameras.intersection(parent.cameras)
                end = [end, parent.endsAt].compactMap(\.self).min()
            }
            let token = Token(
                id: id, account: account, name: name, scope: request.scope.intersection(owner.role.permissions),
                cameras: cameras, createdAt: now, endsAt: end, lastUsedAt: nil)
            try TokenRows.insert(token, secret: digest, in: database)
            try identity.recordChange(
                .tokenCreated, of: account, by: caller, about: id.description,
                ["name": name, "scope": token.scope.map(\.rawValue).sorted().joined(separator: " ")], in: database)
            return token
        }
        return NewToken(token: token, secret: secret)
    }

    /// Revokes a token: one's own, or anybody's with `managePeople`.
    ///
    /// - Throws: `notFound` also for a token that the caller may not see.
    public func revoke(_ id: TokenID, by caller: Caller) async throws {
        try await identity.write { [identity] database in
            let account = try TokenRows.account(of: id, in: database)
            guard let account, caller.principal.commands(account) else {
                throw GuardianError(.notFound, "There is no such token.")
            }
            _ = try TokenRows.delete(id, in: database)
            try identity.record(.tokenRevoked, by: caller, about: id.description, in: database)
        }
    }

    private static func refusal(_ message: String, _ field: String) -> GuardianError {
        GuardianError(.invalidArgument, message, context: ["field": field])
    }
}
