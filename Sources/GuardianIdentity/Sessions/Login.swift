import GRDB
import GuardianCore

/// What somebody types to log in.
public struct LoginRequest: Sendable {
    public var name: String
    public var password: Secret<String>
    /// The second factor's code, or a recovery code.
    public var code: Secret<String>?
    /// Whether to stay logged in.
    public var isRemembered: Bool
    /// The secret of a session that the browser already has: it ends, so that nobody else's is continued.
    public var replaced: Secret<String>?

    public init(
        name: String, password: Secret<String>, code: Secret<String>? = nil, isRemembered: Bool = false,
        replaced: Secret<String>? = nil
    ) {
        self.name = name
        self.password = password
        self.code = code
        self.isRemembered = isRemembered
        self.replaced = replaced
    }
}

/// Begins sessions for those who know a password.
///
/// An unknown name, a wrong password and a disabled account are the same work and the same answer. The password comes with
/// each request, also with the one that has the code: nothing half logged in is kept.
public struct Login: Sendable {
    public enum Outcome: Sendable {
        case loggedIn(NewSession)
        /// The password is right; ask for the second factor's code.
        case codeNeeded
    }

    let identity: IdentityStore
    let hashing: PasswordHashing
    let throttle: Throttle
    let audit: AuditLog

    /// - Throws: `unauthenticated` for anything that is wrong, `aborted` when the password changes meanwhile,
    ///   `resourceExhausted` after too many wrong ones, with `retryAfter` in the context, or when the machine is busy.
    public func logIn(_ request: LoginRequest, from origin: RequestOrigin) async throws -> Outcome {
        let name = AccountName(request.name)
        let since = identity.clock.now() + (.zero - identity.settings.knownPlaceLimit)
        let candidate = try await identity.read { database in
            try name.flatMap { try AccountRows.find($0, in: database) }.map { account in
                Candidate(
                    account: account, password: try AccountRows.password(of: account.id, in: database),
                    isKnownPlace: try PlaceRows.isKnown(origin.address, to: account.id, since: since, in: database))
            }
        }
        let attempt: Throttle.Attempt
        do {
            attempt = try throttle.admit(
                name: name?.key ?? "", from: origin, isKnown: candidate?.isKnownPlace ?? false)
        } catch {
            try? await audit.recordStranger(.loginThrottled, from: origin, about: candidate?.account.id)
            throw error
        }
        let outcome: Conclusion
        do {
            outcome = try await conclude(request, candidate, from: origin)
        } catch {
            throttle.abandon(attempt)
            throw error
        }
        switch outcome {
        case .loggedIn(let session):
            throttle.succeed(attempt)
            return .loggedIn(session)
        case .codeNeeded:
            throttle.abandon(attempt)
            return .codeNeeded
        case .wrong, .wrongCode:
            try? await audit.recordStranger(.loginFailed, from: origin, about: candidate?.account.id)
            let words =
                outcome.isWrongCode ? "The code is wrong or was used already." : "The name or the password is wrong."
            throw GuardianError(
                .unauthenticated, words, context: ["field": outcome.isWrongCode ? "code" : "password"])
        }
    }

    private struct Candidate: Sendable {
        let account: Account
        let password: PasswordHash?
        let isKnownPlace: Bool
    }

    private enum Conclusion: Sendable {
        case loggedIn(NewSession)
        case codeNeeded
        case wrong
        case wrongCode

        var isWrongCode: Bool { if case .wrongCode = self { true } else { false } }
    }

    private func conclude(
        _ request: LoginRequest, _ candidate: Candidate?, from origin: RequestOrigin
    ) async throws -> Conclusion {
        let isKnown = candidate?.isKnownPlace ?? false
        let isRight = try await hashing.verify(
            request.password, against: candidate?.password, isKnown ? .known : .unknown)
        guard isRight, let candidate, let password = candidate.password, !candidate.account.isDisabled else {
            return .wrong
        }
        let rehashed = password.cost == hashing.cost ? nil : try? await hashing.rehash(request.password)
        let secret = OpaqueSecret.make(identity.randomness)
        let id = candidate.account.id
        return try await identity.write { [identity] database in
            // Anything may have changed while the password was tried.
            guard let account = try AccountRows.find(id, in: database), !account.isDisabled else { return .wrong }
            guard try AccountRows.password(of: id, in: database) == password else {
                throw GuardianError(.aborted, "The password was changed at this moment; try again.")
            }
            var details: [String: String] = [:]
            if let code = request.code {
                let verdict = try SecondFactorRows.use(code, of: id, at: identity.clock.now(), in: database)
                if verdict == .wrong { return .wrongCode }
                if verdict == .recoveryCode {
                    let left = try SecondFactorRows.recoveryCodesLeft(of: id, in: database)
                    try identity.record(
                        .recoveryCodeUsed, by: .account(id, name: account.name.text), from: origin,
                        about: id.description, ["left": "\(left)"], in: database)
                }
                details["factor"] = "\(verdict)"
            } else if account.hasSecondFactor {
                return .codeNeeded
            }
            if let rehashed { try AccountRows.replacePassword(password, with: rehashed, of: id, in: database) }
            let session = try Sessions.begin(
                for: id, isRemembered: request.isRemembered, replacing: request.replaced, from: origin, secret: secret,
                identity, in: database)
            details["session"] = session.session.id.description
            try identity.recordOwn(
                .login, of: id, by: .account(id, name: account.name.text), from: origin, about: id.description,
                details, in: database)
            return .loggedIn(session)
        }
    }
}
