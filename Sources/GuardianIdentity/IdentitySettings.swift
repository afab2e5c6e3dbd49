import GuardianCore
import GuardianOperations

/// The limits of accounts, sessions and the audit log.
public struct IdentitySettings: Hashable, Sendable {
    /// A session ends when it was not used for so long.
    public var idleLimit: Duration = .seconds(24 * 3600)
    /// The same for a session of somebody who chose to stay logged in.
    public var rememberedIdleLimit: Duration = .seconds(30 * 86_400)
    /// A session ends so long after the login, however much it is used.
    public var sessionLimit: Duration = .seconds(90 * 86_400)
    /// How often the last use of a session or token is written at most.
    public var seenInterval: Duration = .seconds(60)
    /// Sessions of one account; the one that was not used for longest ends when there are more.
    public var sessionsPerAccount = 50
    public var tokensPerAccount = 50
    /// How long a token is good that a session makes without saying how long.
    public var tokenLifetime: Duration = .seconds(90 * 86_400)
    /// How long a token that a session makes is good at most: two years, one of them a leap year.
    public var tokenLimit: Duration = .seconds(731 * 86_400)
    public var passkeysPerAccount = 10
    public var accounts = 500
    /// How long an address counts as one from which an account was logged in to.
    public var knownPlaceLimit: Duration = .seconds(180 * 86_400)
    public var knownPlacesPerAccount = 32
    /// Older entries of the audit log are removed.
    public var auditAge: Duration = .seconds(400 * 86_400)
    /// Entries that age alone does not remove: a clock that is years ahead must not empty the log.
    public var auditFloor = 1_000
    /// Entries of the audit log; the oldest are removed when there are more.
    public var auditEntries = 200_000

    /// Names of the machine: a password that is made of them is refused.
    public var names = [MachineName.current]

    /// Entries about itself that an account may cause at once: by logins and the like, and as many by changes.
    public var ownEntriesAtOnce = 120
    /// How long until one more of each is allowed: with both, an account causes 480 a day, and so needs longer than `auditAge` to fill
    /// the log.
    public var ownEntryInterval: Duration = .seconds(360)
    /// Entries about what it was refused that an account may cause at once. They have an allowance of their own: whoever is refused
    /// again and again must not thereby hide logins.
    public var refusalsAtOnce = 30
    /// How long until one more is allowed: 16 a day, so that an account still needs longer than `auditAge` to fill the log.
    public var refusalInterval: Duration = .seconds(5_400)

    public init() {}
}
