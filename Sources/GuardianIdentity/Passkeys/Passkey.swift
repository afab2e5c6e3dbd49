import GuardianCore

/// A passkey with which somebody logs in, for a list. Holds nothing secret: the private key never leaves the authenticator.
public struct Passkey: Hashable, Sendable, Identifiable {
    public let id: PasskeyID
    public let account: AccountID
    public let name: String
    /// The host name at which it can be used (`RelyingParty.id`).
    public let host: String
    public let createdAt: Timestamp
    public let lastUsedAt: Timestamp?
}

/// What the server keeps of a passkey to verify its signatures.
struct StoredPasskey: Sendable {
    let passkey: Passkey
    /// The identifier that the authenticator chose.
    let credential: [UInt8]
    let key: PasskeyKey
    /// Of the newest signature; authenticators that do not count say 0 always.
    let counter: UInt32
}

/// What a page passes to `navigator.credentials.create` and `navigator.credentials.get`.
public struct PasskeyChallenge: Hashable, Sendable {
    public let challenge: [UInt8]
    public let relyingParty: RelyingParty
    /// How long the browser may take.
    public let lifetime: Duration
    /// Credentials that the account has at this name: an authenticator makes no second one.
    public let existing: [[UInt8]]
    /// What a passkey is made for; `nil` for a login, which asks for nobody's.
    public let person: Person?

    /// Whose passkey an authenticator makes.
    public struct Person: Hashable, Sendable {
        /// The bytes of the account's UUID. Nothing about a person can be read from them (WebAuthn Level 2, 14.6.1).
        public let handle: [UInt8]
        public let name: String
    }
}

/// What `navigator.credentials.create` returned.
public struct NewPasskey: Sendable {
    public var name: String
    public var clientData: [UInt8]
    public var attestation: [UInt8]

    public init(name: String, clientData: [UInt8], attestation: [UInt8]) {
        self.name = name
        self.clientData = clientData
        self.attestation = attestation
    }
}

/// What `navigator.credentials.get` returned.
public struct PasskeyAssertion: Sendable {
    public var credential: [UInt8]
    public var clientData: [UInt8]
    public var authenticatorData: [UInt8]
    public var signature: [UInt8]
    /// The `PasskeyChallenge.Person.handle` with which the passkey was made.
    public var handle: [UInt8]

    public init(
        credential: [UInt8], clientData: [UInt8], authenticatorData: [UInt8], signature: [UInt8], handle: [UInt8]
    ) {
        self.credential = credential
        self.clientData = clientData
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.handle = handle
    }
}
