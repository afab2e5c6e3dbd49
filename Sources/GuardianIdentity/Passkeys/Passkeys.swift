import GRDB
import GuardianCore

/// The passkeys of accounts (WebAuthn Level 2, https://www.w3.org/TR/webauthn-2/). Logging in with one is `PasskeyLogin`'s.
public struct Passkeys: Sendable {
    let identity: IdentityStore
    let proof: PasswordProof
    let challenges: PasskeyChallenges

    /// Returns an account's passkeys, the newest first: one's own, or anybody's with `managePeople`.
    ///
    /// - Throws: `notFound` also for an account that the caller may not see.
    public func list(of account: AccountID, by caller: Caller) async throws -> [Passkey] {
        try caller.principal.requireOwn(account)
        return try await identity.read { database in
            _ = try AccountRows.require(account, in: database)
            return try PasskeyRows.all(of: account, in: database).map(\.passkey)
        }
    }

    /// Returns what a browser needs to make a passkey for one's own account.
    ///
    /// - Parameter password: one's own. A stolen session must not make itself a way in that outlasts it.
    /// - Throws: `notFound` for an account that is not the caller's, `permissionDenied` for a token and when the password is
    ///   wrong; `resourceExhausted` after too many wrong ones, and when the account has too many passkeys.
    public func begin(
        for id: AccountID, password: Secret<String>?, at relyingParty: RelyingParty, by caller: Caller
    ) async throws -> PasskeyChallenge {
        let session = try Self.requireSession(of: id, by: caller)
        let account = try await identity.read { try AccountRows.require(id, in: $0) }
        try await proof.require(password ?? Secret(""), of: account, field: "password", by: caller)
        let passkeys = try await identity.read { try PasskeyRows.all(of: id, in: $0) }
        try requireRoom(beside: passkeys.count)
        return PasskeyChallenge(
            challenge: challenges.make(for: .registration(id, session)), relyingParty: relyingParty,
            lifetime: PasskeyChallenges.lifetime,
            existing: passkeys.filter { $0.passkey.host == relyingParty.id }.map(\.credential),
            person: PasskeyChallenge.Person(handle: Self.handle(of: id), name: account.name.text))
    }

    /// Adds the passkey that a browser made with what `begin` returned (WebAuthn Level 2, 7.1), and ends the account's other sessions and
    /// its login link.
    ///
    /// - Returns: the passkey, and the caller's session with its new secret.
    /// - Throws: `invalidArgument` with the `field`, also for a challenge that is wrong, was used or has ended; `notFound`,
    ///   `permissionDenied`; `alreadyExists` for a passkey that is here already, `resourceExhausted` when there are too many.
    public func add(
        _ new: NewPasskey, for id: AccountID, at relyingParty: RelyingParty, by caller: Caller
    ) async throws -> (passkey: Passkey, session: NewSession) {
        let session = try Self.requireSession(of: id, by: caller)
        let name = try Self.checked(name: new.name)
        guard let client = ClientData(new.clientData), client.isOf(.create, at: relyingParty),
            let data = AuthenticatorData(attestation: new.attestation), data.isOfVerifiedPerson(at: relyingParty),
            let made = data.made
        else {
            throw GuardianError(
                .invalidArgument,
                "This passkey cannot be used: it needs a device that asks for your finger, face or PIN, and signs with ES256.",
                context: ["field": "attestationObject"])
        }
        guard try challenges.use(client.challenge, for: .registration(id, session)) else {
            throw GuardianError(
                .invalidArgument, "That took longer than five minutes; begin again.",
                context: ["field": "clientDataJSON"])
        }
        let now = identity.clock.now()
        let passkey = Passkey(
            id: identity.randomness.identifier(at: now), account: id, name: name, host: relyingParty.id, createdAt: now,
            lastUsedAt: nil)
        let renewed = try await identity.write { [identity] database in
            _ = try AccountRows.require(id, in: database)
            try requireRoom(beside: try PasskeyRows.all(of: id, in: database).count)
            guard try PasskeyRows.find(credential: made.id, in: database) == nil else {
                throw GuardianError(.alreadyExists, "This passkey is here already; use it, or remove it first.")
            }
            try PasskeyRows.insert(
                StoredPasskey(passkey: passkey, credential: made.id, key: made.key, counter: data.counter), in: database
            )
            try identity.recordChange(
                .passkeyAdded, of: id, by: caller, about: id.description, ["name": name, "host": relyingParty.id],
                in: database)
            return try Sessions.keepOnly(session, of: id, identity, in: database)
        }
        return (passkey, renewed)
    }

    /// Gives one's own passkey another name.
    ///
    /// - Throws: `invalidArgument` with the `field`, `notFound` also for a passkey of somebody else.
    public func rename(_ id: PasskeyID, to name: String, by caller: Caller) async throws -> Passkey {
        try caller.principal.require(.ownAccount)
        let name = try Self.checked(name: name)
        return try await identity.write { [identity] database in
            guard let passkey = try PasskeyRows.find(id, in: database), passkey.account == caller.principal.account
            else { throw Self.missing }
            try PasskeyRows.rename(id, to: name, in: database)
            try identity.recordChange(
                .passkeyRenamed, of: passkey.account, by: caller, about: passkey.account.description, ["name": name],
                in: database)
            return Passkey(
                id: id, account: passkey.account, name: name, host: passkey.host, createdAt: passkey.createdAt,
                lastUsedAt: passkey.lastUsedAt)
        }
    }

    /// Removes a passkey: one's own, or with `managePeople` that of somebody who may do no more than the caller. The other sessions and the
    /// login link of its account end: the device that had it may be in somebody else's hands.
    ///
    /// - Parameter password: one's own, for a passkey of one's own.
    /// - Returns: the caller's session with its new secret; `nil` for a passkey of somebody else.
    /// - Throws: `notFound` also for a passkey that the caller may not see; `permissionDenied` when the password is wrong and for a token
    ///   of its own account, `resourceExhausted` after too many wrong passwords.
    @discardableResult
    public func remove(
        _ id: PasskeyID, password: Secret<String>? = nil, by caller: Caller
    ) async throws -> NewSession? {
        let owner = try await identity.read { database -> Account in
            guard let passkey = try PasskeyRows.find(id, in: database), caller.principal.commands(passkey.account)
            else { throw Self.missing }
            return try AccountRows.require(passkey.account, in: database)
        }
        let own = caller.principal.account == owner.id ? try Self.requireSession(of: owner.id, by: caller) : nil
        if own == nil {
            try caller.principal.requireCommand(over: owner.role)
        } else {
            try await proof.require(password ?? Secret(""), of: owner, field: "password", by: caller)
        }
        return try await identity.write { [identity] database in
            guard let passkey = try PasskeyRows.find(id, in: database) else { throw Self.missing }
            // The role may be another one by now.
            if own == nil {
                try caller.principal.requireCommand(over: try AccountRows.require(owner.id, in: database).role)
            }
            try PasskeyRows.delete(id, in: database)
            try identity.record(
                .passkeyRemoved, by: caller, about: owner.id.description, ["name": passkey.name], in: database)
            if let own { return try Sessions.keepOnly(own, of: owner.id, identity, in: database) }
            try Sessions.endAll(of: owner.id, in: database)
            return nil
        }
    }

    /// The bytes by which an authenticator knows whose passkey it has.
    static func handle(of id: AccountID) -> [UInt8] { withUnsafeBytes(of: id.uuid.uuid) { Array($0) } }

    private func requireRoom(beside count: Int) throws {
        guard count < identity.settings.passkeysPerAccount else {
            throw GuardianError(
                .resourceExhausted, "There are \(count) passkeys already; remove one that is not needed.")
        }
    }

    private static func requireSession(of id: AccountID, by caller: Caller) throws -> SessionID {
        try caller.principal.require(.ownAccount)
        guard caller.principal.account == id else { throw GuardianError(.notFound, "There is no such account.") }
        return try caller.principal.requireSession()
    }

    private static func checked(name: String) throws -> String {
        let name = PlainText.cut(name, bytes: 256).split(separator: " ").joined(separator: " ")
        guard (1...64).contains(name.count) else {
            throw GuardianError(
                .invalidArgument, "A passkey's name has 1 to 64 characters; it says which device has it.",
                context: ["field": "name"])
        }
        return name
    }

    private static var missing: GuardianError { GuardianError(.notFound, "There is no such passkey.") }
}
