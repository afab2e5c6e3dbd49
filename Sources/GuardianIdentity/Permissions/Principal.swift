import GuardianCore

/// Who asks: an account by a session or a token, or root of this machine. It is resolved anew for each request, so that a
/// change of rights counts at once.
public struct Principal: Hashable, Sendable {
    /// What proved who asks.
    public enum Credential: Hashable, Sendable {
        case session(SessionID)
        case token(TokenID)
        /// A command line that root runs on this machine.
        case localRoot
        /// Nobody is logged in.
        case none
    }

    public let credential: Credential
    /// `nil` for root of this machine.
    public let account: AccountID?
    /// For the audit log and pages.
    public let name: String
    public let role: Role
    public let permissions: Set<Permission>
    public let cameras: CameraRights

    /// - Parameters:
    ///   - scope: what a token may do; `nil` for everything that the role may.
    ///   - limits: the cameras that a token may see.
    package init(
        credential: Credential, account: AccountID?, name: String, role: Role, cameras: CameraRights,
        scope: Set<Permission>? = nil, limits: CameraRights = .all
    ) {
        self.credential = credential
        self.account = account
        self.name = name
        self.role = role
        // Only viewers have chosen cameras.
        let seen = (role == .viewer ? cameras : .all).intersection(limits)
        let granted = scope.map(role.permissions.intersection) ?? role.permissions
        permissions = seen == .all ? granted : granted.subtracting(Permission.forAllCamerasOnly)
        self.cameras = seen
    }

    /// Root of this machine, who could read and change every file anyway.
    public static let localRoot = Principal(
        credential: .localRoot, account: nil, name: "root", role: .owner, cameras: .all)

    /// Whoever is not logged in: may do nothing and sees no camera.
    public static let nobody = Principal(
        credential: .none, account: nil, name: "nobody", role: .viewer, cameras: .only([]), scope: [])

    public func can(_ permission: Permission) -> Bool { permissions.contains(permission) }

    public func sees(_ camera: CameraID) -> Bool { cameras.contains(camera) }

    /// - Throws: `permissionDenied` when the principal lacks the permission.
    public func require(_ permission: Permission) throws {
        guard can(permission) else {
            throw GuardianError(
                .permissionDenied, "You may not do this; an owner of this installation can.",
                context: ["permission": permission.rawValue])
        }
    }

    /// Whether a stream that was begun by this principal may go on under that one: what it may do and see is the same. A name
    /// may change.
    func hasSameRights(as other: Principal) -> Bool {
        credential == other.credential && role == other.role && permissions == other.permissions
            && cameras == other.cameras
    }

    var session: SessionID? {
        guard case .session(let session) = credential else { return nil }
        return session
    }
}

/// A principal and where its request comes from: what every operation on accounts is told, for rights and audit log.
public struct Caller: Hashable, Sendable {
    public var principal: Principal
    public var origin: RequestOrigin

    public init(_ principal: Principal, from origin: RequestOrigin) {
        self.principal = principal
        self.origin = origin
    }

    /// A command line that root runs.
    public static let localRoot = Caller(.localRoot, from: .local)
}
