import GuardianCore

/// A credential for a program, for a list. Holds nothing secret.
public struct Token: Hashable, Sendable, Identifiable {
    public let id: TokenID
    /// Whose rights it has at most.
    public let account: AccountID
    /// Whose session or token made it; `nil` for root of the machine, and for tokens that were made before this was recorded.
    public let maker: AccountID?
    /// The token that made it, with which it goes.
    public let parent: TokenID?
    public let name: String
    public let scope: Set<Permission>
    /// Of the cameras that the account sees, those that the token may see.
    public let cameras: CameraRights
    public let createdAt: Timestamp
    /// `nil`: until it is revoked. Those that a session makes always have an end.
    public let endsAt: Timestamp?
    /// At most a minute older than the last request.
    public let lastUsedAt: Timestamp?
}

/// What somebody decides about a new token.
public struct TokenRequest: Sendable {
    public var name: String
    public var scope: Set<Permission>
    public var cameras: CameraRights
    /// `nil`: the usual time of a token that a session makes; otherwise until it is revoked.
    public var endsAt: Timestamp?

    public init(name: String, scope: Set<Permission>, cameras: CameraRights = .all, endsAt: Timestamp? = nil) {
        self.name = name
        self.scope = scope
        self.cameras = cameras
        self.endsAt = endsAt
    }
}

/// A token that has just been made, with its text: it is stored nowhere else.
public struct NewToken: Sendable {
    public let token: Token
    public let secret: Secret<String>
}
