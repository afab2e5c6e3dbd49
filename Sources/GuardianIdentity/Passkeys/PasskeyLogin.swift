import Crypto
import Foundation
import GRDB
import GuardianCore

/// Begins sessions for those who have a passkey (WebAuthn Level 2, 7.2).
///
/// No name is asked for, and a challenge names nobody, so that nobody learns whether an account or a passkey is there. What is
/// wrong with a passkey has one answer, whatever it is. No code is asked for either: the device is one factor, and the finger,
/// face or PIN that it has to ask for another.
public struct PasskeyLogin: Sendable {
    let identity: IdentityStore
    let throttle: Throttle
    let audit: AuditLog
    let challenges: PasskeyChallenges

    /// Returns what a browser needs to ask for a passkey. Nothing is kept of it.
    public func begin(at relyingParty: RelyingParty) -> PasskeyChallenge {
        PasskeyChallenge(
            challenge: challenges.make(for: .login), relyingParty: relyingParty, lifetime: PasskeyChallenges.lifetime,
            existing: [], person: nil)
    }

    /// Begins a session for whoever has the passkey. Ends the one that the browser had (`replaced`).
    ///
    /// - Throws: `unauthenticated` for anything that is wrong; `resourceExhausted` after too many wrong ones, with `retryAfter`
    ///   in the context.
    public func logIn(
        _ assertion: PasskeyAssertion, at relyingParty: RelyingParty, isRemembered: Bool,
        replaced: Secret<String>? = nil, from origin: RequestOrigin
    ) async throws -> NewSession {
        let since = identity.clock.now() + (.zero - identity.settings.knownPlaceLimit)
        let candidate = try await identity.read { database -> Candidate? in
            guard let stored = try PasskeyRows.find(credential: assertion.credential, in: database),
                let account = try AccountRows.find(stored.passkey.account, in: database)
            else { return nil }
            return Candidate(
                stored: stored, account: account,
                isKnownPlace: try PlaceRows.isKnown(origin.address, to: account.id, since: since, in: database))
        }
        let attempt: Throttle.Attempt
        do {
            // Passkeys that nobody has count under the name that nobody has.
            attempt = try throttle.admit(
                name: candidate?.account.name.key ?? "", from: origin, isKnown: candidate?.isKnownPlace ?? false)
        } catch {
            try? await audit.recordStranger(.loginThrottled, from: origin, about: candidate?.account.id)
            throw error
        }
        let session: NewSession?
        do {
            session = try await conclude(
                assertion, candidate, at: relyingParty, isRemembered: isRemembered, replaced: replaced, from: origin)
        } catch {
            throttle.abandon(attempt)
            throw error
        }
        guard let session else {
            try? await audit.recordStranger(.loginFailed, from: origin, about: candidate?.account.id)
            throw GuardianError(
                .unauthenticated,
                "This passkey does not log in here, or it took longer than five minutes: try again, or type your password."
            )
        }
        throttle.succeed(attempt)
        return session
    }

    private struct Candidate: Sendable {
        let stored: StoredPasskey
        let account: Account
        let isKnownPlace: Bool
    }

    private func conclude(
        _ assertion: PasskeyAssertion, _ candidate: Candidate?, at relyingParty: RelyingParty, isRemembered: Bool,
        replaced: Secret<String>?, from origin: RequestOrigin
    ) async throws -> NewSession? {
        guard let candidate, let client = ClientData(assertion.clientData), client.isOf(.get, at: relyingParty),
            challenges.isOpen(client.challenge, for: .login),
            let data = AuthenticatorData(assertion.authenticatorData), data.isOfVerifiedPerson(at: relyingParty),
            data.made == nil, candidate.stored.passkey.host == relyingParty.id,
            assertion.handle == Passkeys.handle(of: candidate.account.id),
            candidate.stored.key.isSignature(
                assertion.signature,
                of: assertion.authenticatorData + Array(SHA256.hash(data: Data(assertion.clientData)))),
            // Last: only whoever has a passkey uses a challenge up.
            try challenges.use(client.challenge, for: .login)
        else { return nil }
        let secret = OpaqueSecret.make(identity.randomness)
        let id = candidate.stored.passkey.id
        return try await identity.write { [identity] database -> NewSession? in
            // Anything may have changed while the signature was verified.
            guard let stored = try PasskeyRows.find(credential: assertion.credential, in: database),
                stored.passkey.id == id, let account = try AccountRows.find(stored.passkey.account, in: database),
                !account.isDisabled
            else { return nil }
            guard stored.admits(data.counter) else {
                try identity.recordOwn(
                    .passkeyCopied, of: account.id, by: .stranger, from: origin, about: account.id.description,
                    ["name": stored.passkey.name], in: database)
                return nil
            }
            try PasskeyRows.use(id, counter: data.counter, at: identity.clock.now(), in: database)
            let session = try Sessions.begin(
                for: account.id, isRemembered: isRemembered, replacing: replaced, from: origin, secret: secret,
                identity, in: database)
            try identity.recordOwn(
                .login, of: account.id, by: .account(account.id, name: account.name.text), from: origin,
                about: account.id.description,
                ["session": session.session.id.description, "by": "passkey", "passkey": stored.passkey.name],
                in: database)
            return session
        }
    }
}

extension StoredPasskey {
    /// Whether a signature with this counter may be of the same authenticator as the one before: it counts up, or never counts
    /// (WebAuthn Level 2, 7.2, 21).
    fileprivate func admits(_ next: UInt32) -> Bool { counter == 0 && next == 0 || next > counter }
}
