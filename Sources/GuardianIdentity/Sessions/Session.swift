import GuardianCore

/// Somebody who is logged in on one device, for a list. Holds nothing secret.
public struct Session: Hashable, Sendable, Identifiable {
    public let id: SessionID
    public let account: AccountID
    /// Whether the person chose to stay logged in.
    public let isRemembered: Bool
    public let createdAt: Timestamp
    /// At most a minute older than the last request.
    public let lastSeenAt: Timestamp
    /// When it ends unless it is used before.
    public let idleEndsAt: Timestamp
    /// When it ends however much it is used.
    public let endsAt: Timestamp
    /// Of the last request that was written down.
    public let address: String
    public let agent: String
}

/// A session that has just begun or was renewed, with the secret for the cookie: it is stored nowhere else.
public struct NewSession: Sendable {
    public let session: Session
    public let secret: Secret<String>
}
