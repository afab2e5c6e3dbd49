import GuardianCore

/// A person who may log in. Holds nothing secret.
public struct Account: Hashable, Sendable, Identifiable {
    public let id: AccountID
    public var name: AccountName
    public var role: Role
    /// `all` unless the role is viewer.
    public var cameras: CameraRights
    public var isDisabled: Bool
    /// How many recovery codes are left; `nil` without a second factor.
    public var recoveryCodesLeft: Int?
    /// Whether a second factor is asked for at login.
    public var hasSecondFactor: Bool { recoveryCodesLeft != nil }
    public let createdAt: Timestamp
    public var changedAt: Timestamp
    public var passwordChangedAt: Timestamp
    /// Whether there is a password to log in with. Somebody who was invited has none until they choose it.
    public var hasPassword: Bool
}

/// What an owner decides about a new account.
public struct NewAccount: Sendable {
    public var name: String
    /// `nil` for somebody who will log in with a link and choose one then.
    public var password: Secret<String>?
    public var role: Role
    /// The cameras of a viewer; of no meaning for other roles.
    public var cameras: Set<CameraID>

    public init(name: String, password: Secret<String>?, role: Role, cameras: Set<CameraID> = []) {
        self.name = name
        self.password = password
        self.role = role
        self.cameras = cameras
    }
}

/// What changes of an account; what is `nil` stays.
public struct AccountChange: Hashable, Sendable {
    public var name: String?
    public var role: Role?
    /// The cameras of a viewer.
    public var cameras: Set<CameraID>?
    public var isDisabled: Bool?

    public init(name: String? = nil, role: Role? = nil, cameras: Set<CameraID>? = nil, isDisabled: Bool? = nil) {
        self.name = name
        self.role = role
        self.cameras = cameras
        self.isDisabled = isDisabled
    }
}
