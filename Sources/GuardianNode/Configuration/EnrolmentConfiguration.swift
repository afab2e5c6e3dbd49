import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianHTTP
import GuardianWire

/// Where edges without a certificate get one.
public struct EnrolmentConfiguration: Sendable {
    public var address: NodeAddress
    /// By what edges reach the node: names, and IPv4 addresses.
    public var names: [String]

    /// More would not fit into a handshake.
    private static let nameLimit = 32

    init(_ section: ConfigurationSection) throws {
        let listen = try section.listenAddress(port: EnrolmentLimits.port) { try ListenAddress(host: $0, port: $1) }
        address = NodeAddress(listen)
        let given = try (section.string("names") ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
        guard given.count <= Self.nameLimit,
            given.allSatisfy({ HostName($0) != nil || IPAddress($0)?.bytes.count == 4 })
        else {
            throw section.refusal(
                "names", "must be at most \(Self.nameLimit) host names or IPv4 addresses, separated by commas")
        }
        let own = ["localhost", "127.0.0.1"] + Machine.current().names.map(\.text)
        names = own.filter { !given.contains($0) } + given
        try section.finish()
    }
}
