import GuardianCore

/// The address that the first owner opens. The secret is in its fragment, which browsers send to no server, not even in the
/// `Referer` header.
public struct SetupLink: CustomStringConvertible {
    public let description: String

    /// - Parameter page: such as `https://recorder.local:8480`.
    public init(page: String, secret: Secret<String>) { description = "\(page)/setup#\(secret.reveal())" }
}

/// The address with which somebody logs in once (`LoginLinks`).
public struct LoginLink: CustomStringConvertible {
    public let description: String

    /// - Parameter page: such as `https://recorder.local:8480`; empty for a path.
    public init(page: String, secret: Secret<String>) { description = "\(page)/login#once=\(secret.reveal())" }
}
