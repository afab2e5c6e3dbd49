import GRDB
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

/// An installation's identity file with clocks that stand still, and passwords that cost next to nothing.
struct IdentityKit {
    static let cheap = PasswordCost(passes: 1, memory: 8)
    static let home = RequestOrigin(address: "192.168.1.20", agent: "Browser")
    static let away = RequestOrigin(address: "203.0.113.9", agent: "curl")

    let folder = TemporaryFolder()
    let clock = ManualClock(Sample.start)
    let monotonic = TestClock()
    let identity: Identity

    init(_ change: (inout IdentitySettings) -> Void = { _ in }) async throws {
        var settings = IdentitySettings()
        change(&settings)
        identity = try await Identity.open(
            path: folder.path("identity.sqlite"), settings: settings, clock: clock, monotonic: monotonic,
            cost: Self.cheap)
    }

    /// Opens the same file again, as another process would.
    func reopened(cost: PasswordCost = IdentityKit.cheap) async throws -> Identity {
        try await Identity.open(
            path: folder.path("identity.sqlite"), clock: clock, monotonic: monotonic, cost: cost)
    }

    static func password(of name: String) -> Secret<String> { Secret("the password of \(name)") }

    /// Creates an account as root does.
    @discardableResult
    func add(_ name: String, _ role: Role, cameras: Set<CameraID> = []) async throws -> Account {
        try await identity.accounts.create(
            NewAccount(name: name, password: Self.password(of: name), role: role, cameras: cameras), by: .localRoot)
    }

    /// Logs in with the right password.
    func logIn(
        _ name: String, from origin: RequestOrigin = home, isRemembered: Bool = false, replaced: Secret<String>? = nil
    ) async throws -> NewSession {
        let outcome = try await identity.login.logIn(
            LoginRequest(
                name: name, password: Self.password(of: name), isRemembered: isRemembered, replaced: replaced),
            from: origin)
        guard case .loggedIn(let session) = outcome else { throw GuardianError(.internal, "A code was asked for.") }
        return session
    }

    /// Logs in and returns who asks then.
    func caller(_ name: String, from origin: RequestOrigin = home) async throws -> Caller {
        Caller(try #require(try await principal(logIn(name, from: origin))), from: origin)
    }

    func principal(_ session: NewSession, from origin: RequestOrigin = home) async throws -> Principal? {
        try await identity.access.principal(session: session.secret, from: origin)
    }

    func pass(_ duration: Duration) { clock.set(clock.now() + duration) }

    func entries() async throws -> [AuditContent] {
        try await identity.audit.page(limit: 200, by: .localRoot).map { try $0.content() }
    }

    func actions() async throws -> [String] { try await entries().map(\.action) }

    /// Changes the file behind the back of who has it open.
    func tamper(_ sql: String) async throws {
        let database = try DatabaseQueue(path: folder.path("identity.sqlite"))
        try await database.write { try $0.execute(sql: sql) }
        try database.close()
    }

    /// Reads the file directly.
    func stored(_ sql: String) async throws -> [Row] {
        let database = try DatabaseQueue(path: folder.path("identity.sqlite"))
        defer { try? database.close() }
        return try database.read { try Row.fetchAll($0, sql: sql) }
    }
}

/// The code of the `GuardianError` that `body` throws; `nil` when it throws none.
func refusal(_ body: () async throws -> Void) async -> GuardianError.Code? {
    do {
        try await body()
        return nil
    } catch { return (error as? GuardianError)?.code ?? .unknown }
}
