import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Permissions")
struct PermissionTests {
    /// Who may do what: a new permission without a line here fails.
    private static let table: [Permission: [Role]] = [
        .watchLive: [.owner, .member, .viewer],
        .readEvents: [.owner, .member, .viewer],
        .readArchive: [.owner, .member, .viewer],
        .ownAccount: [.owner, .member, .viewer],
        .keepEvents: [.owner, .member],
        .readStatus: [.owner, .member],
        .holdArchive: [.owner],
        .readJournal: [.owner],
        .readMetrics: [.owner],
        .manageCameras: [.owner],
        .managePeople: [.owner],
        .manageSettings: [.owner],
        .readAudit: [.owner],
        .operate: [.owner],
    ]

    private static let pairs = Role.allCases.flatMap { role in Permission.allCases.map { (role, $0) } }

    private func principal(
        _ role: Role, cameras: CameraRights = .all, scope: Set<Permission>? = nil, limits: CameraRights = .all
    ) -> Principal {
        Principal(
            credential: .session(SessionID.v7(at: Sample.start)), account: AccountID.v7(at: Sample.start), name: "Ada",
            role: role, cameras: cameras, scope: scope, limits: limits)
    }

    @Test("are those of the table, for every role", arguments: pairs)
    func table(role: Role, permission: Permission) throws {
        let roles = try #require(Self.table[permission], "a permission without a line in the table")
        #expect(principal(role).can(permission) == roles.contains(role))
        let error = roles.contains(role) ? nil : GuardianError.Code.permissionDenied
        #expect(fails(error) { try principal(role).require(permission) })
    }

    @Test("of a token are never more than the role's, whatever its scope", arguments: pairs)
    func tokens(role: Role, permission: Permission) {
        let wide = principal(role, scope: Set(Permission.allCases))
        #expect(wide.permissions == role.permissions)
        let narrow = principal(role, scope: [permission])
        #expect(narrow.permissions == role.permissions.intersection([permission]))
        #expect(principal(role, scope: []).permissions.isEmpty)
    }

    @Test("grow from viewer to member to owner")
    func order() {
        #expect(Role.viewer.permissions.isSubset(of: Role.member.permissions))
        #expect(Role.member.permissions.isSubset(of: Role.owner.permissions))
        #expect(Role.owner.permissions == Set(Permission.allCases))
        #expect(Principal.localRoot.permissions == Set(Permission.allCases))
    }

    @Test("show a viewer the chosen cameras only, others all of them, and a token none beyond its own")
    func cameras() {
        let chosen = CameraRights.only([Sample.front])
        for role in Role.allCases {
            let sees = principal(role, cameras: chosen)
            #expect(sees.sees(Sample.front))
            #expect(sees.sees(Sample.yard) == (role != .viewer))
            let token = principal(role, cameras: chosen, limits: .only([Sample.yard]))
            #expect(!token.sees(Sample.front))
            #expect(token.sees(Sample.yard) == (role != .viewer))
        }
        #expect(!principal(.viewer, cameras: .only([])).sees(Sample.front))
    }

    @Test("of cameras are cut and compared as sets")
    func sets() {
        let (front, both) = (CameraRights.only([Sample.front]), CameraRights.only([Sample.front, Sample.yard]))
        #expect(front.intersection(both) == front && both.intersection(.all) == both)
        #expect(CameraRights.all.intersection(front) == front && CameraRights.all.intersection(.all) == .all)
        #expect(front.isSubset(of: both) && !both.isSubset(of: front))
        #expect(both.isSubset(of: .all) && !CameraRights.all.isSubset(of: both) && CameraRights.all.isSubset(of: .all))
    }

    /// Whether `body` throws an error of this code, or none.
    private func fails(_ code: GuardianError.Code?, _ body: () throws -> Void) -> Bool {
        do {
            try body()
            return code == nil
        } catch { return (error as? GuardianError)?.code == code }
    }
}

@Suite("A request's origin")
struct RequestOriginTests {
    @Test(
        "counts an IPv4 address, an IPv6 household and a link-local neighbour as one place each",
        arguments: [
            ("192.168.1.20", "192.168.1.20", true), ("192.168.1.20", "192.168.1.21", false),
            ("::ffff:192.168.1.20", "192.168.1.20", true), ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false), ("fe80::1%eth0", "fe80::1%wlan0", true),
            ("fe80::1", "fe80::2", false), ("nonsense", "nonsense", true), ("nonsense", "192.168.1.20", false),
        ])
    func places(left: String, right: String, same: Bool) {
        #expect((ClientAddress(left).place == ClientAddress(right).place) == same)
    }

    @Test("keeps a bounded text without control characters")
    func bounds() {
        let origin = RequestOrigin(
            address: String(repeating: "9", count: 5_000),
            agent: "a\r\nb\u{202E}c" + String(repeating: "ü", count: 5_000))
        #expect(origin.address.text.utf8.count <= 64)
        #expect(origin.agent.utf8.count <= 256 && origin.agent.hasPrefix("a  b c"))
    }

    @Test("cuts any text to its bounds")
    func hostile() {
        var input = HostileInput(seed: 11)
        for _ in 0..<HostileInput.count(2_000) {
            let text = input.text(["Mozilla/5.0", "192.168.1.20"])
            #expect(PlainText.cut(text, bytes: 40).utf8.count <= 40)
            #expect(ClientAddress(text).text.utf8.count <= 64)
        }
    }
}
