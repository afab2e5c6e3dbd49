import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianVision
import GuardianWire
import Logging

/// The AI service's configuration, documented in docs/reference/configuration.md.
public struct InferenceServiceConfiguration: Sendable {
    public enum Listen: Sendable {
        /// A Unix socket; its file permissions are the access control.
        case socket(String)
        /// TCP with mutual TLS, for an edge on another machine.
        case tcp(address: String, port: Int, CredentialFiles)
    }

    public var listen: Listen
    public var places: OpenVINOPlaces
    public var logLevel: Logger.Level
    /// A file that contains the process id while the process runs.
    public var pidFile: String?

    /// - Throws: `GuardianError` with file, line and what to write instead.
    public init(_ root: ConfigurationSection) throws {
        if let socket = try root.string("socket") {
            guard socket.hasPrefix("/"), socket.utf8.count < 104 else {
                throw root.refusal("socket", "must be an absolute path shorter than 104 characters")
            }
            listen = .socket(socket)
        } else {
            guard root.has("tcp") else {
                throw root.refusal("socket", "is missing: write the path of a Unix socket, or tcp with mutual TLS")
            }
            listen = try Self.tcp(root.section("tcp"))
        }
        let found = OpenVINOPlaces.find()
        places = OpenVINOPlaces(
            libraries: try root.string("runtime").map { URL(filePath: $0) } ?? found.libraries,
            model: try root.string("model").map { URL(filePath: $0) } ?? found.model)
        logLevel = try root.section("log").choice("level") ?? .info
        pidFile = try root.string("pidFile")
        try root.finish()
    }

    private static func tcp(_ section: ConfigurationSection) throws -> Listen {
        func file(_ key: String) throws -> String {
            guard let path = try section.string(key) else {
                throw section.refusal(key, "is missing: TCP needs mutual TLS")
            }
            return path
        }
        return .tcp(
            address: try section.string("address") ?? "127.0.0.1",
            port: try section.integer("port", in: 1...65535) ?? 8470,
            CredentialFiles(
                certificate: try file("certificate"), key: try file("key"), authority: try file("authority")))
    }
}
