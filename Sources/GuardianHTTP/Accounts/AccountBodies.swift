import GuardianIdentity

/// Logs in.
struct LoginBody: JSONBody {
    static let members = ["name", "password", "code", "remember"]

    var name: String
    var password: String
    /// Of the second factor, once it was asked for.
    var code: String?
    var remember: Bool?
}

/// Logs in with a one-time link.
struct LinkBody: JSONBody {
    static let members = ["secret", "remember"]

    var secret: String
    var remember: Bool?
}

/// Asks for what a stolen session must not do: a login link for oneself, or a change of how one logs in.
struct OwnPasswordBody: JSONBody {
    static let members = ["password"]

    /// One's own; of no meaning while the account has none, or where it is somebody else's account.
    var password: String?
}

/// Creates the first owner.
struct SetupBody: JSONBody {
    static let members = ["secret", "name", "password", "remember"]

    var secret: String
    var name: String
    var password: String
    var remember: Bool?
}

/// Changes one's own password.
struct PasswordBody: JSONBody {
    static let members = ["current", "password"]

    var current: String
    var password: String
}

/// Sets somebody else's password.
struct PasswordResetBody: JSONBody {
    static let members = ["password"]

    var password: String
}

/// Creates an account.
struct NewAccountBody: JSONBody {
    static let members = ["name", "password", "role", "cameras"]

    var name: String
    /// Missing: the person logs in with a link, and chooses one then.
    var password: String?
    var role: Role
    /// Aliases or UUIDs of a viewer's cameras.
    var cameras: [String]?
}

/// Changes an account; what is missing stays.
struct AccountChangeBody: JSONBody {
    static let members = ["name", "role", "cameras", "disabled"]

    var name: String?
    var role: Role?
    var cameras: [String]?
    var disabled: Bool?
}

/// Makes a token.
struct NewTokenBody: JSONBody {
    static let members = ["name", "scope", "cameras", "endsAt", "password"]

    var name: String
    var scope: [Permission]
    /// Aliases or UUIDs; missing: all that the account sees.
    var cameras: [String]?
    /// Missing: in 90 days if a session asks, otherwise when it is revoked.
    var endsAt: Moment?
    /// One's own, if a session asks; of no meaning while the account has none.
    var password: String?
}

/// A code of the second factor.
struct CodeBody: JSONBody {
    static let members = ["code"]

    var code: String
}
