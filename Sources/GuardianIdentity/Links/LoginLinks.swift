import GRDB
import GuardianCore

/// One-time links with which somebody logs in without a password: for a person who was invited, for a phone beside a
/// browser that is logged in, for whoever lost a password.
public struct LoginLinks: Sendable {
    /// How long a link is good: an evening and the morning after it.
    public static let lifetime: Duration = .seconds(24 * 3600)

    let identity: IdentityStore
    let audit: AuditLog
    let proof: PasswordProof

    /// Makes an account's link; the one before it is of no use any more.
    ///
    /// - Parameter password: one's own, for a link for oneself: it replaces password and second factor.
    /// - Returns: the secret, which is stored nowhere, and when it ends.
    /// - Throws: `notFound`, `failedPrecondition` for an account that is disabled; `permissionDenied` for somebody who may do
    ///   more than the caller, and for a token, which must not become a session.
    public func make(
        for id: AccountID, password: Secret<String>? = nil, by caller: Caller
    ) async throws -> (secret: Secret<String>, endsAt: Timestamp) {
        if caller.principal.account == id, let own = try await identity.read({ try AccountRows.find(id, in: $0) }) {
            try await proof.require(password ?? Secret(""), of: own, field: "password", by: caller)
        }
        let now = identity.clock.now()
        let (secret, ends) = (OpaqueSecret.make(identity.randomness), now + Self.lifetime)
        guard let digest = OpaqueSecret.digest(secret) else {
            throw GuardianError(.internal, "A login link could not be made.")
        }
        try await identity.write { [identity] database in
            let account = try AccountRows.find(id, in: database)
            guard let account, caller.principal.commands(id) else {
                throw GuardianError(.notFound, "There is no such account.")
            }
            if case .token = caller.principal.credential {
                throw GuardianError(.permissionDenied, "A token cannot make login links; log in to make one.")
            }
            if caller.principal.account != id { try caller.principal.requireCommand(over: account.role) }
            guard !account.isDisabled else {
                throw GuardianError(.failedPrecondition, "This account is disabled; enable it first.")
            }
            try LinkRows.set(digest, for: id, from: now, until: ends, in: database)
            try identity.recordChange(.loginLinkMade, of: id, by: caller, about: id.description, in: database)
        }
        return (secret, ends)
    }

    /// Begins a session for whoever has the secret, which is used up. Ends the one that the browser had (`replaced`). The second
    /// factor is not asked for: whoever made the link gave their password, or could turn it off.
    ///
    /// - Throws: `unauthenticated` when the link is wrong, was used, or has ended.
    public func redeem(
        _ secret: Secret<String>, isRemembered: Bool, replaced: Secret<String>? = nil, from origin: RequestOrigin
    ) async throws -> NewSession {
        let session = OpaqueSecret.make(identity.randomness)
        let begun = try await identity.write { [identity] database -> NewSession? in
            let now = identity.clock.now()
            guard let digest = OpaqueSecret.digest(secret), let id = try LinkRows.use(digest, at: now, in: database),
                let account = try AccountRows.find(id, in: database), !account.isDisabled
            else { return nil }
            let begun = try Sessions.begin(
                for: id, isRemembered: isRemembered, replacing: replaced, from: origin, secret: session, identity,
                in: database)
            try identity.record(
                .login, by: .account(id, name: account.name.text), from: origin, about: id.description,
                ["session": begun.session.id.description, "by": "link"], in: database)
            return begun
        }
        guard let begun else {
            try? await audit.recordStranger(.loginFailed, from: origin, about: nil)
            throw GuardianError(
                .unauthenticated, "This login link was used already or has ended: log in, or ask for another one.")
        }
        return begun
    }
}
