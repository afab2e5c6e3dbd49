import Foundation
import GuardianCore
public import GuardianIdentity
import GuardianOperations

/// The folders in a node's state folder that have accounts.
public struct NodeFolders: Sendable {
    let state: String

    public init(state: String) { self.state = state }

    /// Holds a folder for each tenant.
    var tenants: String { "\(state)/tenants" }

    func tenant(_ tenant: TenantName) -> String { Tenants.folder(of: tenant, in: tenants) }

    /// Makes the folder of a realm's accounts, unless it is there, for a command on the node's machine.
    ///
    /// - Throws: `notFound` for a tenant that the node does not have.
    public func makeAccountsOfExisting(_ realm: AccountRealm) async throws -> String {
        let file = SQLiteRegistry.file(in: state)
        // Opening makes a registry where there is none, which is the node's to do.
        guard FileManager.default.fileExists(atPath: file) else {
            throw GuardianError(
                .failedPrecondition,
                "This node has no accounts but its own: write `enrolment` into its configuration, and start it again.")
        }
        if realm != .operators {
            let registry = try SQLiteRegistry(path: file)
            defer { try? registry.close() }
            guard try await registry.hasTenant(realm.tenant) else { throw Self.missing(realm.tenant) }
        }
        return try makeAccounts(of: realm)
    }

    /// Makes the folder of a realm's accounts, unless it is there.
    func makeAccounts(of realm: AccountRealm) throws -> String {
        try made(realm == .operators ? "\(state)/operators" : tenant(realm.tenant))
    }

    /// Makes the folder of the accounts in which nobody is.
    func makeAccountsOfNobody() throws -> String { try made("\(state)/nobody") }

    private func made(_ folder: String) throws -> String {
        try OwnFolder.make(folder)
        return folder
    }

    private static func missing(_ tenant: TenantName) -> GuardianError {
        GuardianError(
            .notFound, "There is no tenant \(tenant): `guardian node tenant list` shows them, `… tenant add` adds one.")
    }
}
