import GuardianIdentity

/// Logs in.
struct LoginBody: RequestBody {
    static let members = ["name", "password", "code", "remember"]

    var name: String
    var password: String
    /// Of the second factor, once it was asked for.
    var code: String?
    var remember: Bool?
}

/// Creates the first owner.
struct SetupBody: RequestBody {
    static let members = ["secret", "name", "password", "remember"]

    var secret: String
    var name: String
    var password: String
    var remember: Bool?
}

/// Changes one's own password.
struct PasswordBody: RequestBody {
    static let members = ["current", "password"]

    var current: String
    var password: String
}

/// Sets somebody else's password.
struct PasswordResetBody: RequestBody {
    static let members = ["password"]

    var password: String
}

/// Creates an account.
struct NewAccountBody: RequestBody {
    static let members = ["name", "password", "role", "cameras"]

    var name: String
    var password: String
    var role: Role
    /// Aliases or UUIDs of a viewer's cameras.
    var cameras: [String]?
}

/// Changes an account; what is missing stays.
struct AccountChangeBody: RequestBody {
    static let members = ["name", "role", "cameras", "disabled"]

    var name: String?
    var role: Role?
    var cameras: [String]?
    var disabled: Bool?
}

/// Makes a token.
struct NewTokenBody: RequestBody {
    static let members = ["name", "scope", "cameras", "endsAt"]

    var name: String
    var scope: [Permission]
    /// Aliases or UUIDs; missing: all that the account sees.
    var cameras: [String]?
    var endsAt: Moment?
}

/// A code of the second factor.
struct CodeBody: RequestBody {
    static let members = ["code"]

    var code: String
}
