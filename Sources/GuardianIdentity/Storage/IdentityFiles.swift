/// The files of accounts in a server's state folder.
public struct IdentityFiles: Hashable, Sendable {
    /// Accounts, sessions, tokens and the audit log.
    public let database: String
    /// The secret of the setup link while there is no account.
    public let setup: String
    /// The token of command lines on this machine (`LocalToken`).
    public let localToken: String

    /// - Parameter folder: the server's state folder.
    public init(folder: String) {
        database = "\(folder)/identity.sqlite"
        setup = "\(folder)/setup.secret"
        localToken = "\(folder)/local.token"
    }
}
