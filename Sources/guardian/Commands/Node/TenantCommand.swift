import ArgumentParser
import Foundation
import GuardianCore
import GuardianHTTP
import GuardianNode

struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant",
        abstract: "Manages whose edges a node serves.",
        discussion: "Example: guardian node tenant add miller",
        subcommands: [TenantAddCommand.self, TenantCodeCommand.self, TenantListCommand.self])
}

struct TenantAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a tenant, and prints a one-time code for its first edge.",
        discussion: "Example: guardian node tenant add miller > code.txt")

    @OptionGroup var options: LocalNodeOptions
    @OptionGroup var code: CodeOptions

    @Argument(help: "The tenant's name: a–z, 0–9 and hyphens, at most 40.")
    var name: TenantName

    func run() async throws {
        let node = try options.open()
        try await node.registry.addTenant(name, at: SystemClock().now())
        try await node.printCode(for: name, hours: code.hours)
        Console.note(
            "The link for its first owner: guardian user setup-link --tenant \(name) --config \(options.config)")
    }
}

struct TenantCodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "code",
        abstract: "Prints a one-time code for another edge of a tenant.",
        discussion: "Example: guardian node tenant code home --hours 2 > code.txt")

    @OptionGroup var options: LocalNodeOptions
    @OptionGroup var code: CodeOptions

    @Argument(help: "The tenant's name; every node has `home`.")
    var name: TenantName

    func run() async throws { try await options.open().printCode(for: name, hours: code.hours) }
}

struct TenantListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the tenants and what became of their codes.",
        discussion: "Example: guardian node tenant list --json")

    @OptionGroup var options: LocalNodeOptions

    @Flag(help: "Print each tenant as a line of JSON.")
    var json = false

    private struct Row: Codable {
        var name: String
        var devices: Int
        var codes: [Code]
    }

    private struct Code: Codable {
        var prefix: String
        /// `open`, `ended` or `used`.
        var state: String
        var endsAt: String
        @Nullable var used: Use?
        /// Devices that came with the whole code when another had used it.
        var late: Int
        @Nullable var lastLate: Use?
    }

    private struct Use: Codable {
        var at: String
        var device: String
        var address: String

        init(_ use: CodeRecord.Use) {
            (at, device, address) = (use.at.rfc3339, use.device.hex, use.address)
        }
    }

    func run() async throws {
        let registry = try options.open().registry
        let devices = try await registry.devices()
        let now = SystemClock().now()
        for tenant in try await registry.tenants() {
            let codes = try await registry.codes(of: tenant).map { code in
                Code(
                    prefix: code.prefix, state: code.used != nil ? "used" : code.endsAt > now ? "open" : "ended",
                    endsAt: code.endsAt.rfc3339, used: code.used.map(Use.init), late: code.lateCount,
                    lastLate: code.late.map(Use.init))
            }
            try show(Row(name: tenant.text, devices: devices.count { $0.tenant == tenant }, codes: codes))
        }
    }

    private func show(_ row: Row) throws {
        guard !json else { return Console.line(String(buffer: try JSON.encode(row))) }
        Console.line("\(row.name): \(row.devices) devices")
        for code in row.codes {
            var text = "  code \(code.prefix)…: \(code.state), until \(code.endsAt)"
            if let used = code.used { text += "; used by \(used.device) from \(used.address) at \(used.at)" }
            if let late = code.lastLate {
                text +=
                    "; WARNING: tried \(code.late) times later, last by \(late.device) from \(late.address) at \(late.at)"
            }
            Console.line(text)
        }
    }
}
