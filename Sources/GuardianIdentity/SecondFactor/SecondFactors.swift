import GRDB
import GuardianCore

/// Codes of an authenticator app as a second factor. Whoever turns it on or off, or changes it, has proved once more who they are, and is
/// from then on the only one who is logged in.
public struct SecondFactors: Sendable {
    let identity: IdentityStore
    let throttle: Throttle
    let proof: PasswordProof

    /// What is shown once when recovery codes are made.
    public struct NewRecoveryCodes: Sendable {
        public let codes: [Secret<String>]
        /// The session of whoever asked, with its new secret.
        public let session: NewSession
    }

    /// Makes a key for one's own account. It counts once `confirm` got a code of it; beginning again replaces it.
    ///
    /// - Parameter password: one's own. A stolen session must not lock its person out.
    /// - Returns: the `otpauth` link for a QR code, which holds the key.
    /// - Throws: `failedPrecondition` when a second factor is on; `permissionDenied` for a token and when the password is wrong,
    ///   `resourceExhausted` after too many wrong ones.
    public func begin(password: Secret<String>?, by caller: Caller) async throws -> Secret<String> {
        let (id, _) = try caller.principal.requireOwnSession()
        let known = try await identity.read { database in
            guard try !SecondFactorRows.isOn(for: id, in: database) else { throw Self.alreadyOn }
            return try AccountRows.require(id, in: database)
        }
        try await proof.require(password ?? Secret(""), of: known, field: "password", by: caller)
        let code = TimeCode(key: identity.randomness.bytes(TimeCode.keySize))
        let account = try await identity.write { database in
            guard try !SecondFactorRows.isOn(for: id, in: database) else { throw Self.alreadyOn }
            try SecondFactorRows.begin(code, for: id, in: database)
            return try AccountRows.require(id, in: database)
        }
        return Secret(code.link(issuer: "Guardian", account: account.name.text))
    }

    /// Turns the second factor on, and ends the account's other sessions and its login link.
    ///
    /// - Throws: `invalidArgument` when the code is wrong or nothing was begun, `permissionDenied` for a token.
    public func confirm(_ code: Secret<String>, by caller: Caller) async throws -> NewRecoveryCodes {
        let (id, session) = try caller.principal.requireOwnSession()
        let codes = RecoveryCodes.make(identity.randomness)
        let renewed = try await identity.write { [identity] database in
            guard try SecondFactorRows.confirm(code, of: id, at: identity.clock.now(), in: database) else {
                throw GuardianError(
                    .invalidArgument,
                    "The code is wrong: check that the phone's clock is right, and type the next one.",
                    context: ["field": "code"])
            }
            try SecondFactorRows.setRecoveryCodes(codes.compactMap(RecoveryCodes.digest), of: id, in: database)
            try identity.recordChange(.secondFactorOn, of: id, by: caller, about: id.description, in: database)
            return try Sessions.keepOnly(session, of: id, identity, in: database)
        }
        return NewRecoveryCodes(codes: codes, session: renewed)
    }

    /// Replaces one's recovery codes, and ends the account's other sessions and its login link.
    ///
    /// - Throws: `permissionDenied` when the code is wrong and for a token, `resourceExhausted` after too many wrong ones.
    public func renewRecoveryCodes(code: Secret<String>, by caller: Caller) async throws -> NewRecoveryCodes {
        let codes = RecoveryCodes.make(identity.randomness)
        let renewed = try await withCode(code, by: caller) { identity, id, database in
            try SecondFactorRows.setRecoveryCodes(codes.compactMap(RecoveryCodes.digest), of: id, in: database)
            try identity.recordChange(.recoveryCodesRenewed, of: id, by: caller, about: id.description, in: database)
        }
        return NewRecoveryCodes(codes: codes, session: renewed)
    }

    /// Turns one's own second factor off, and ends the account's other sessions and its login link.
    ///
    /// - Returns: the caller's session with its new secret.
    /// - Throws: `permissionDenied` when the code is wrong and for a token, `resourceExhausted` after too many wrong ones.
    public func turnOff(code: Secret<String>, by caller: Caller) async throws -> NewSession {
        try await withCode(code, by: caller) { identity, id, database in
            _ = try SecondFactorRows.delete(of: id, in: database)
            try identity.recordChange(.secondFactorOff, of: id, by: caller, about: id.description, in: database)
        }
    }

    /// Turns somebody else's second factor off, who has lost phone and recovery codes. Their sessions end: the phone may have one.
    ///
    /// - Throws: `notFound`, `permissionDenied`; `failedPrecondition` for one's own, which needs a code.
    public func turnOff(of id: AccountID, by caller: Caller) async throws {
        try caller.principal.require(.managePeople)
        guard caller.principal.account != id else {
            throw GuardianError(.failedPrecondition, "Your own second factor is turned off with a code.")
        }
        try await identity.write { [identity] database in
            let account = try AccountRows.require(id, in: database)
            try caller.principal.requireCommand(over: account.role)
            guard try SecondFactorRows.delete(of: id, in: database) else { return }
            try Sessions.endAll(of: id, in: database)
            try identity.record(.secondFactorOff, by: caller, about: id.description, in: database)
        }
    }

    /// Runs `work` in the transaction that uses up a code of the caller and ends the account's other sessions.
    private func withCode(
        _ code: Secret<String>, by caller: Caller,
        _ work: @escaping @Sendable (IdentityStore, AccountID, Database) throws -> Void
    ) async throws -> NewSession {
        let (id, session) = try caller.principal.requireOwnSession()
        let name = try await identity.read { try AccountRows.require(id, in: $0).name }
        let attempt = try throttle.admit(name: name.key, from: caller.origin, isKnown: true)
        do {
            let renewed = try await identity.write { [identity] database in
                switch try SecondFactorRows.use(code, of: id, at: identity.clock.now(), in: database) {
                case .timeCode, .recoveryCode: try work(identity, id, database)
                case .off: throw GuardianError(.failedPrecondition, "There is no second factor to change.")
                case .wrong: throw GuardianError.wrongProof("The code is wrong or was used already.", field: "code")
                }
                return try Sessions.keepOnly(session, of: id, identity, in: database)
            }
            throttle.succeed(attempt)
            return renewed
        } catch {
            try await throttle.conclude(attempt, failedWith: error, by: caller, identity)
        }
    }

    private static var alreadyOn: GuardianError {
        GuardianError(.failedPrecondition, "A second factor is on; turn it off before you begin anew.")
    }
}

extension Principal {
    /// - Throws: `permissionDenied` without `ownAccount`, `failedPrecondition` for root, who has no account.
    fileprivate func requireAccount() throws -> AccountID {
        try require(.ownAccount)
        guard let account else {
            throw GuardianError(.failedPrecondition, "Root of this machine has no account here.")
        }
        return account
    }

    /// - Throws: as `requireAccount` and `requireSession`.
    fileprivate func requireOwnSession() throws -> (AccountID, SessionID) {
        (try requireAccount(), try requireSession())
    }
}
