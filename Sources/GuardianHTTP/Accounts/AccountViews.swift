import Foundation
import GuardianCore
import GuardianIdentity

/// A person who may log in.
public struct AccountView: Codable, Sendable {
    public var id: AccountID
    public var name: String
    public var role: Role
    /// The cameras of a viewer by their names; `null`: every camera.
    @Nullable public var cameras: [String]?
    public var disabled: Bool
    public var secondFactor: Bool
    /// How many recovery codes are left; `null` without a second factor.
    @Nullable public var recoveryCodesLeft: Int?
    public var passwordSet: Bool
    public var createdAt: Moment
    public var passwordChangedAt: Moment

    init(_ account: Account, _ names: CameraNames) {
        id = account.id
        name = account.name.text
        role = account.role
        cameras = account.cameras.names(names)
        disabled = account.isDisabled
        secondFactor = account.hasSecondFactor
        recoveryCodesLeft = account.recoveryCodesLeft
        passwordSet = account.hasPassword
        createdAt = account.createdAt.moment
        passwordChangedAt = account.passwordChangedAt.moment
    }
}

/// Who is logged in, and what they may do.
public struct PrincipalView: Codable, Sendable {
    /// `null` for root of this machine.
    @Nullable public var id: AccountID?
    public var name: String
    public var role: Role
    public var permissions: [Permission]
    /// The cameras that they see, by name; `null`: every camera.
    @Nullable public var cameras: [String]?
    /// The header `X-Guardian-Request` of requests that change something; `null` with a token, which needs none.
    @Nullable public var requestKey: String?

    init(_ principal: Principal, _ names: CameraNames, requestKey: String?) {
        id = principal.account
        name = principal.name
        role = principal.role
        permissions = principal.permissions.sorted { $0.rawValue < $1.rawValue }
        cameras = principal.cameras.names(names)
        self.requestKey = requestKey
    }
}

/// Somebody who is logged in on one device.
public struct SessionView: Codable, Sendable {
    public var id: SessionID
    public var accountId: AccountID
    /// Whether it is the one that asks.
    public var current: Bool
    public var remembered: Bool
    public var createdAt: Moment
    public var lastSeenAt: Moment
    public var endsAt: Moment
    public var address: String
    public var agent: String

    init(_ session: Session, current: Bool) {
        id = session.id
        accountId = session.account
        self.current = current
        remembered = session.isRemembered
        createdAt = session.createdAt.moment
        lastSeenAt = session.lastSeenAt.moment
        endsAt = min(session.idleEndsAt, session.endsAt).moment
        address = session.address
        agent = session.agent
    }
}

/// A one-time login link.
public struct LoginLinkView: Codable, Sendable {
    /// The path and fragment to open at this server.
    public var path: String
    public var endsAt: Moment
}

/// A credential for a program.
public struct TokenView: Codable, Sendable {
    public var id: TokenID
    public var accountId: AccountID
    public var name: String
    public var scope: [Permission]
    @Nullable public var cameras: [String]?
    public var createdAt: Moment
    /// `null`: until it is revoked.
    @Nullable public var endsAt: Moment?
    @Nullable public var lastUsedAt: Moment?
    /// Only in the answer that makes it: it is stored nowhere.
    public var token: String?

    init(_ token: Token, _ names: CameraNames, secret: Secret<String>? = nil) {
        id = token.id
        accountId = token.account
        name = token.name
        scope = token.scope.sorted { $0.rawValue < $1.rawValue }
        cameras = token.cameras.names(names)
        createdAt = token.createdAt.moment
        endsAt = token.endsAt?.moment
        lastUsedAt = token.lastUsedAt?.moment
        self.token = secret?.reveal()
    }
}

/// What somebody did, as the audit log has it.
public struct AuditView: Codable, Sendable {
    public var sequence: Int64
    public var at: Moment
    public var action: String
    /// `account`, `token`, `root`, `stranger` or `guardian`.
    public var by: String
    @Nullable public var name: String?
    @Nullable public var accountId: String?
    public var address: String
    public var agent: String
    @Nullable public var subject: String?
    public var details: [String: String]
    /// The signed bytes, and what signs them, for whoever verifies the chain: base64.
    public var payload: String
    @Nullable public var signature: String?

    init(_ entry: AuditEntry) throws {
        let content = try entry.content()
        sequence = content.sequence
        at = content.at.moment
        action = content.action
        by = content.by
        name = content.name
        accountId = content.account
        address = content.address
        agent = content.agent
        subject = content.subject
        details = content.details
        payload = Data(entry.payload).base64EncodedString()
        signature = entry.signature.map { Data($0).base64EncodedString() }
    }
}

extension CameraRights {
    /// The cameras by name, in order; `nil` for all.
    fileprivate func names(_ names: CameraNames) -> [String]? {
        guard case .only(let cameras) = self else { return nil }
        return cameras.map(names.name(of:)).sorted()
    }
}
