import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

/// Ada, who is logged in with a password and has an authenticator.
struct PasskeyKit {
    static let server = RelyingParty(host: "localhost", port: nil)

    let kit: IdentityKit
    let account: AccountID
    /// Of the session with which everything is done; its secret changes, the session does not.
    let caller: Caller
    var authenticator = SoftwareAuthenticator()

    init() async throws {
        kit = try await IdentityKit()
        account = try await kit.add("Ada", .owner).id
        caller = try await kit.caller("Ada")
    }

    var passkeys: Passkeys { kit.identity.passkeys }
    var password: Secret<String> { IdentityKit.password(of: "Ada") }
    /// The bytes of the account's UUID.
    var handle: [UInt8] { withUnsafeBytes(of: account.uuid.uuid) { Array($0) } }

    func begin() async throws -> PasskeyChallenge {
        try await passkeys.begin(for: account, password: password, at: Self.server, by: caller)
    }

    /// Makes a passkey of an authenticator, for a challenge or a new one.
    @discardableResult
    func add(
        _ authenticator: SoftwareAuthenticator? = nil, named name: String = "Phone", challenge: [UInt8]? = nil
    ) async throws -> Passkey {
        let challenge = if let challenge { challenge } else { try await begin().challenge }
        let made = (authenticator ?? self.authenticator).made(challenge)
        return try await passkeys.add(
            NewPasskey(name: name, clientData: made.clientData, attestation: made.attestation), for: account,
            at: Self.server, by: caller
        ).passkey
    }

    func challenge() -> [UInt8] { kit.identity.passkeyLogin.begin(at: Self.server).challenge }

    /// What the authenticator says to a challenge, or to a new one.
    func assertion(
        _ authenticator: SoftwareAuthenticator? = nil, challenge: [UInt8]? = nil
    ) throws -> PasskeyAssertion {
        let authenticator = authenticator ?? self.authenticator
        let used = try authenticator.used(challenge ?? self.challenge())
        return PasskeyAssertion(
            credential: authenticator.credential, clientData: used.clientData,
            authenticatorData: used.authenticatorData, signature: used.signature, handle: handle)
    }

    func logIn(
        _ assertion: PasskeyAssertion, at server: RelyingParty = server, from origin: RequestOrigin = IdentityKit.home,
        replaced: Secret<String>? = nil
    ) async throws -> NewSession {
        try await kit.identity.passkeyLogin.logIn(
            assertion, at: server, isRemembered: false, replaced: replaced, from: origin)
    }
}
