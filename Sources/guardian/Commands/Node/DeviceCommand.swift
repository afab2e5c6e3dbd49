import ArgumentParser
import GuardianCore
import GuardianHTTP
import GuardianNode

struct DeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device",
        abstract: "Decides which edges may connect to a node.",
        discussion: "Example: guardian node device list",
        subcommands: [
            DeviceListCommand.self, DeviceAcceptCommand.self, DeviceLockCommand.self, DeviceRetireCommand.self,
        ])
}

/// The device that a command is about.
struct DeviceOptions: ParsableArguments {
    @OptionGroup var node: LocalNodeOptions

    @Argument(
        help: "The device's fingerprint, as `guardian edge enrol` and the list show it.", transform: Self.fingerprint)
    var fingerprint: Hash256

    private static func fingerprint(_ text: String) throws -> Hash256 {
        guard let fingerprint = Hash256(hex: text.lowercased()) else {
            throw ValidationError("A fingerprint has 64 hexadecimal digits; copy it whole.")
        }
        return fingerprint
    }

    func carryOut(_ decision: DeviceDecision, tenant: TenantName? = nil) async throws {
        let device = try await node.open().registry.decide(
            decision, about: fingerprint, tenant: tenant, at: SystemClock().now())
        Console.note("\(device.fingerprint) is \(device.state.rawValue).")
    }
}

struct DeviceListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the edges that have asked a node, those that changed last first.",
        discussion: "Example: guardian node device list --json")

    @OptionGroup var options: LocalNodeOptions

    @Flag(help: "Print each device as a line of JSON.")
    var json = false

    private struct Row: Codable {
        var fingerprint: String
        var state: String
        @Nullable var tenant: String?
        var name: String
        var address: String
        var askedAt: String
        var changedAt: String
        @Nullable var certificateEndsAt: String?
    }

    func run() async throws {
        for device in try await options.open().registry.devices() {
            let row = Row(
                fingerprint: device.fingerprint.hex, state: device.state.rawValue, tenant: device.tenant?.text,
                name: device.name, address: device.address, askedAt: device.askedAt.rfc3339,
                changedAt: device.changedAt.rfc3339, certificateEndsAt: device.certificateEndsAt?.rfc3339)
            guard !json else {
                Console.line(String(buffer: try JSON.encode(row)))
                continue
            }
            var text =
                "\(row.fingerprint) \(row.state), \(row.tenant ?? "no tenant"): “\(row.name)” from \(row.address)"
            if let end = row.certificateEndsAt { text += ", certificate until \(end)" }
            Console.line(text)
        }
    }
}

struct DeviceAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accepts an edge that waits, or one that was locked.",
        discussion: "Example: guardian node device accept FINGERPRINT --tenant home")

    @OptionGroup var device: DeviceOptions

    @Option(help: "Whose edge it is; needed for one that waits.")
    var tenant: TenantName?

    func run() async throws { try await device.carryOut(.accept, tenant: tenant) }
}

struct DeviceLockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Locks an edge: its connections end within two seconds, until it is accepted again.",
        discussion: "Example: guardian node device lock FINGERPRINT")

    @OptionGroup var device: DeviceOptions

    func run() async throws { try await device.carryOut(.lock) }
}

struct DeviceRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Locks an edge for good, for example one that was stolen or replaced. What it sent stays.",
        discussion: "Example: guardian node device retire FINGERPRINT")

    @OptionGroup var device: DeviceOptions

    func run() async throws { try await device.carryOut(.retire) }
}
