import ArgumentParser
import Foundation
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianIdentity
import GuardianJournal

/// The recorder or node on this machine whose accounts a command changes.
struct LocalAccountsOptions: ParsableArguments {
    @Option(help: "The configuration of the recorder or node.")
    var config = "/etc/guardian/edge.yaml"

    @Option(help: "Whose accounts, on a node with several tenants; `operators` for those of the node's operators.")
    var tenant: TenantName = .home

    func open() async throws -> LocalAccounts {
        try await LocalAccounts(configuration: config, realm: AccountRealm(tenant))
    }
}

/// The accounts of a recorder or node on this machine, opened by whoever may write its state folder. The server may run
/// meanwhile: it notices within a second what changes.
struct LocalAccounts {
    let identity: Identity
    let files: IdentityFiles
    /// Marks what is printed for people to log in with.
    let realm: AccountRealm
    /// Where people open its pages.
    let pages: PageAddresses
    /// The aliases of all cameras that there ever were, or why they cannot be read: that must not keep anybody from their account.
    private let aliases: Result<[CameraID: CameraAlias], any Error>
    private let authority: String?

    /// - Throws: `notFound` when the server was never started, because it must make its state folder itself, and for a tenant that
    ///   does not exist.
    init(configuration path: String, realm: AccountRealm) async throws {
        let server = try LocalServer(configuration: path)
        let state = server.state
        self.realm = realm
        pages = server.pages
        authority = server.authority
        try StateOwner.become(of: state)
        files = try await server.identity(of: realm)
        aliases = Result { server.isRecorder ? try CameraIdentityFile(path: "\(state)/cameras.json").aliases : [:] }
        let home = try await Identity.open(path: server.identity.database, sign: Self.signer(of: server))
        // As the server does, so that a password costs the same.
        identity = realm == .home ? home : try await home.openRealm(path: files.database)
    }

    /// Signs entries of the audit log as the recorder does. One that cannot be signed is written all the same: that must not keep
    /// anybody from their account either.
    private static func signer(of server: LocalServer) -> (@Sendable ([UInt8]) throws -> [UInt8])? {
        let path = "\(server.state)/device.key"
        // Opening makes a key where there is none, which is the recorder's to do.
        guard server.isRecorder, FileManager.default.fileExists(atPath: path), let key = try? DeviceKey.open(path: path)
        else { return nil }
        return { try key.signature(ofSeparated: $0) }
    }

    func account(named name: String) async throws -> Account {
        try await identity.accounts.account(named: name, by: .localRoot)
    }

    /// The cameras of these aliases or UUIDs.
    ///
    /// - Throws: `notFound` for one that was never configured.
    func cameras(_ names: [String]) throws -> Set<CameraID> {
        let known = try aliases.get()
        return Set(
            try names.map { name in
                if let id = known.first(where: { $0.value.text == name })?.key ?? CameraID(name) { return id }
                throw GuardianError(.notFound, "There is no camera \(name); give an alias of the configuration.")
            })
    }

    func name(of camera: CameraID) -> String {
        (try? aliases.get())?[camera]?.text ?? camera.description
    }

    /// Tells the fingerprint that a browser shows of the server's authority, so that a person can compare it.
    func noteAuthority() {
        guard let fingerprint = authority.flatMap(AuthorityFingerprint.init(file:)) else { return }
        Console.note("The browser warns until the device trusts this server's authority, SHA-256 \(fingerprint).")
    }

    /// Removes the setup link once there is an account.
    func endSetup() async { _ = try? await identity.setup.prepare(file: files.setup) }
}
