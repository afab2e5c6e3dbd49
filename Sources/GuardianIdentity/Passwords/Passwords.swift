import GRDB
import GuardianCore

/// Changes of passwords.
public struct Passwords: Sendable {
    let identity: IdentityStore
    let hashing: PasswordHashing
    let proof: PasswordProof

    /// Changes one's own password. The session that asks goes on with a new secret; the account's others end.
    ///
    /// - Parameter current: of no meaning while the account has no password.
    /// - Returns: the caller's session with its new secret; `nil` when the caller has none.
    /// - Throws: `permissionDenied` when the current password is wrong and for a token, `invalidArgument` when the rules refuse the new one,
    ///   `resourceExhausted` after too many wrong ones.
    public func change(
        current: Secret<String>, to new: Secret<String>, by caller: Caller
    ) async throws -> NewSession? {
        try caller.principal.require(.ownAccount)
        guard let id = caller.principal.account else {
            throw GuardianError(.failedPrecondition, "Root of this machine has no password here.")
        }
        if case .token = caller.principal.credential {
            throw GuardianError(.permissionDenied, "A token cannot change a password; log in to change it.")
        }
        let (account, stored) = try await identity.read { database in
            (try AccountRows.require(id, in: database), try AccountRows.password(of: id, in: database))
        }
        try hashing.check(new: new, of: account.name)
        try await proof.require(current, of: account, field: "current", by: caller)
        let hash = try await hashing.hash(new: new, of: account.name)
        return try await identity.write { [identity] database in
            guard try AccountRows.password(of: id, in: database) == stored else {
                throw GuardianError(.aborted, "The password was changed by somebody else meanwhile; log in again.")
            }
            try AccountRows.setPassword(hash, of: id, at: identity.clock.now(), in: database)
            try identity.recordChange(.passwordChanged, of: id, by: caller, about: id.description, in: database)
            return try caller.principal.session.map { try Sessions.keepOnly($0, of: id, identity, in: database) }
        }
    }

    /// Sets somebody else's password, and ends their sessions and what those made: login links and tokens.
    ///
    /// - Throws: `notFound`, `permissionDenied`, `invalidArgument`; `failedPrecondition` for one's own, which needs the current
    ///   one.
    public func reset(_ id: AccountID, to new: Secret<String>, by caller: Caller) async throws {
        try caller.principal.require(.managePeople)
        guard caller.principal.account != id else {
            throw GuardianError(.failedPrecondition, "Your own password is changed with the current one.")
        }
        let known = try await identity.read { try AccountRows.require(id, in: $0) }
        try caller.principal.requireCommand(over: known.role)
        let hash = try await hashing.hash(new: new, of: known.name)
        try await identity.write { [identity] database in
            let account = try AccountRows.require(id, in: database)
            try caller.principal.requireCommand(over: account.role)
            try AccountRows.setPassword(hash, of: id, at: identity.clock.now(), in: database)
            try Sessions.endAll(of: id, in: database)
            try Tokens.endMade(bySessionsOf: id, by: caller, identity, in: database)
            try identity.record(.passwordReset, by: caller, about: id.description, in: database)
        }
    }
}
