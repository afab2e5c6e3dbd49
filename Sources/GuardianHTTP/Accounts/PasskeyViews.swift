import GuardianCore
import GuardianIdentity

/// A passkey of somebody.
public struct PasskeyView: Codable, Sendable {
    public var id: PasskeyID
    public var accountId: AccountID
    public var name: String
    /// The host name at which it can be used.
    public var host: String
    public var createdAt: Moment
    @Nullable public var lastUsedAt: Moment?

    init(_ passkey: Passkey) {
        id = passkey.id
        accountId = passkey.account
        name = passkey.name
        host = passkey.host
        createdAt = passkey.createdAt.moment
        lastUsedAt = passkey.lastUsedAt?.moment
    }
}

/// The members of WebAuthn's options (Level 2, 5.4 and 5.5) that a page cannot know; bytes are base64url.
public struct PasskeyChallengeView: Codable, Sendable {
    public var challenge: String
    public var rpId: String
    /// Milliseconds.
    public var timeout: Int64
    /// Identifiers of passkeys that the account has at this name.
    public var exclude: [String]
    /// Whose passkey is made; `null` for a login.
    @Nullable public var user: User?

    public struct User: Codable, Sendable {
        public var id: String
        public var name: String
    }

    init(_ challenge: PasskeyChallenge) {
        self.challenge = Base64URL.encode(challenge.challenge)
        rpId = challenge.relyingParty.id
        timeout = challenge.lifetime.milliseconds
        exclude = challenge.existing.map { Base64URL.encode($0) }
        user = challenge.person.map { User(id: Base64URL.encode($0.handle), name: $0.name) }
    }
}
