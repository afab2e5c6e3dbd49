import Foundation
import GuardianCore
import GuardianIdentity
import GuardianJournal

/// The demo's people: one owner without a password, who logs in with a link, and a token with all of the owner's rights. They
/// are the same at the edge and at the node.
enum DemoAccounts {
    static let owner = "owner"

    /// Makes the owner, unless the folder has one, and `owner.token`.
    static func make(in folder: DemoFolder) async throws {
        let edge = IdentityFiles(folder: folder.file("edge")), node = IdentityFiles(folder: folder.file("node"))
        guard !FileManager.default.fileExists(atPath: edge.database) else { return }
        // Passwords of a demo protect nothing, and measuring what they may cost takes a second.
        let identity = try await open(in: folder)
        let account = try await identity.accounts.create(
            NewAccount(name: owner, password: nil, role: .owner), by: .localRoot)
        let token = try await identity.tokens.create(
            TokenRequest(name: "demo", scope: Role.owner.permissions), for: account.id, by: .localRoot)
        try identity.close()
        try FileManager.default.copyItem(atPath: edge.database, toPath: node.database)
        try folder.write(token.secret.reveal() + "\n", to: "owner.token")
    }

    /// Opens the edge's accounts; entries of the audit log are signed as the edge signs them.
    private static func open(in folder: DemoFolder) async throws -> Identity {
        let key = try DeviceKey.open(path: folder.file("edge") + "/device.key")
        return try await Identity.open(
            path: IdentityFiles(folder: folder.file("edge")).database,
            sign: { try key.signature(ofSeparated: $0) }, cost: .floor)
    }

    /// Returns a new one-time login link.
    static func link(in folder: DemoFolder, page: String) async throws -> String {
        let identity = try await open(in: folder)
        let account = try await identity.accounts.account(named: owner, by: .localRoot)
        let link = try await identity.links.make(for: account.id, by: .localRoot)
        try identity.close()
        return LoginLink(page: page, secret: link.secret).description
    }
}
