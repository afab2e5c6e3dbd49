import Foundation
import GuardianConfiguration
import GuardianCore

/// One camera in the edge's configuration.
public struct CameraConfiguration: Sendable {
    public enum Transport: String, Sendable, CaseIterable {
        case tcp
        case udp
    }

    public var alias: CameraAlias
    /// Shown to people.
    public var name: String
    /// `rtsp://…`, `rtsps://…` or `file:…`; may hold a password.
    public var source: Secret<String>
    /// A second, smaller stream of the same view, for detection.
    public var detect: Secret<String>?
    public var transport: Transport
    /// Whether AAC audio is recorded too, which is illegal in many places.
    public var audio: Bool

    init(_ section: ConfigurationSection) throws {
        let form = "1 to 63 of a–z, 0–9, - and _, beginning with a letter or digit"
        guard let alias = try section.value("id", form, { CameraAlias($0) }) else {
            throw section.refusal("id", "is missing: write \(form)")
        }
        self.alias = alias
        name = try section.value("name", "1 to 80 characters on one line", Self.name) ?? alias.text
        guard let source = try Self.address("source", of: section) else {
            throw section.refusal("source", "is missing: write rtsp://… or file:/…")
        }
        self.source = source
        detect = try Self.address("detect", of: section)
        transport = try section.choice("transport") ?? .tcp
        audio = try section.boolean("audio") ?? false
    }

    private static func name(_ text: String) -> String? {
        let allowed =
            (1...80).contains(text.count) && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return allowed ? text : nil
    }

    /// Reads a stream's address. Only an address with a password is a secret: a configuration file without secrets may be
    /// readable for other users.
    private static func address(_ key: String, of section: ConfigurationSection) throws -> Secret<String>? {
        guard let text = try section.string(key) else { return nil }
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased() else {
            throw section.refusal(key, "must be an address: rtsp://… or file:/…")
        }
        switch scheme {
        case "rtsp", "rtsps":
            guard let host = url.host, !host.isEmpty else { throw section.refusal(key, "names no host") }
            return url.password == nil ? Secret(text) : try section.secret(key)
        case "file":
            guard url.path.hasPrefix("/") else { throw section.refusal(key, "must be file:/ and an absolute path") }
            return Secret(text)
        default:
            throw section.refusal(key, "must begin with rtsp://, rtsps:// or file:/")
        }
    }
}
