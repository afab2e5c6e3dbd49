import GuardianCore

/// Who did something.
public enum AuditActor: Hashable, Sendable {
    case account(AccountID, name: String)
    /// An account by one of its tokens.
    case token(TokenID, of: AccountID, name: String)
    case localRoot
    /// Somebody who is not logged in. The name that was typed is not recorded: people type passwords there.
    case stranger
    case guardian

    public init(_ principal: Principal) {
        switch (principal.credential, principal.account) {
        case (.token(let token), let account?): self = .token(token, of: account, name: principal.name)
        case (.session, let account?): self = .account(account, name: principal.name)
        case (.localRoot, _): self = .localRoot
        case (.none, _), (_, nil): self = .stranger
        }
    }
}

/// One thing that somebody did, before it has its place in the log.
public struct AuditRecord: Hashable, Sendable {
    public let action: AuditAction
    public let actor: AuditActor
    public let origin: RequestOrigin
    /// The identifier of what it was done to.
    public let subject: String?
    /// Facts for a person, never secrets: at most 16, each of at most 256 bytes.
    public let details: [String: String]

    public init(
        _ action: AuditAction, by actor: AuditActor, from origin: RequestOrigin, about subject: String? = nil,
        _ details: [String: String] = [:]
    ) {
        self.action = action
        self.actor = actor
        self.origin = origin
        self.subject = subject.map { PlainText.cut($0, bytes: 256) }
        let first = details.sorted { $0.key < $1.key }.prefix(16)
        self.details = Dictionary(
            first.map { (PlainText.cut($0.key, bytes: 64), PlainText.cut($0.value, bytes: 256)) },
            uniquingKeysWith: { first, _ in first })
    }
}
