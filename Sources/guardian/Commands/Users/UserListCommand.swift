import ArgumentParser
import GuardianCore
import GuardianHTTP
import GuardianIdentity

struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the accounts, with their sessions and tokens.",
        discussion: "Example: guardian user list --config /etc/guardian/edge.yaml --json")

    @OptionGroup var options: LocalAccountsOptions

    @Flag(help: "Print each account as a line of JSON.")
    var json = false

    private struct Row: Codable {
        var id: String
        var name: String
        var role: Role
        /// `null`: every camera.
        @Nullable var cameras: [String]?
        var disabled: Bool
        var passwordSet: Bool
        var secondFactor: Bool
        var sessions: Int
        var tokens: Int
        @Nullable var lastSeenAt: String?
    }

    func run() async throws {
        let accounts = try await options.open()
        for account in try await accounts.identity.accounts.list(by: .localRoot) {
            let row = try await row(account, accounts)
            Console.line(json ? String(buffer: try JSON.encode(row)) : Self.line(row))
        }
    }

    private func row(_ account: Account, _ accounts: LocalAccounts) async throws -> Row {
        let sessions = try await accounts.identity.sessions.list(of: account.id, by: .localRoot)
        let tokens = try await accounts.identity.tokens.list(of: account.id, by: .localRoot)
        var cameras: [String]?
        if case .only(let some) = account.cameras { cameras = some.map(accounts.name(of:)).sorted() }
        let seen = (sessions.map(\.lastSeenAt) + tokens.compactMap(\.lastUsedAt)).max()
        return Row(
            id: account.id.description, name: account.name.text, role: account.role, cameras: cameras,
            disabled: account.isDisabled, passwordSet: account.hasPassword, secondFactor: account.hasSecondFactor,
            sessions: sessions.count, tokens: tokens.count, lastSeenAt: seen?.rfc3339)
    }

    private static func line(_ row: Row) -> String {
        var columns = [row.name, row.role.rawValue]
        if let cameras = row.cameras { columns.append(cameras.isEmpty ? "no camera" : cameras.joined(separator: ",")) }
        if row.disabled { columns.append("disabled") }
        if !row.passwordSet { columns.append("no password") }
        if row.secondFactor { columns.append("second factor") }
        columns.append("\(row.sessions) sessions, \(row.tokens) tokens")
        columns.append(row.lastSeenAt.map { "last seen \($0)" } ?? "never seen")
        return columns.joined(separator: "  ")
    }
}
