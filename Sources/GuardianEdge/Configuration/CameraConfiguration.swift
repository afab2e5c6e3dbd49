import Foundation
import GuardianConfiguration
import GuardianCore

/// One camera's settings, all of which were checked.
public struct CameraConfiguration: Sendable, Hashable {
    public enum Transport: String, Sendable, CaseIterable, Codable {
        case tcp
        case udp
    }

    public let alias: CameraAlias
    /// Shown to people.
    public let name: String
    /// `rtsp://…`, `rtsps://…` or `file:…`; may hold a password.
    public let source: Secret<String>
    /// A second, smaller stream of the same view, for detection.
    public let detect: Secret<String>?
    public let transport: Transport
    /// Whether AAC audio is recorded too, which is illegal in many places.
    public let audio: Bool

    init(_ section: ConfigurationSection) throws {
        let form = CameraChecks.aliasForm
        guard let alias = try section.value("id", form, { CameraAlias($0) }) else {
            throw section.refusal("id", "is missing: write \(form)")
        }
        guard !CameraChecks.reservedAliases.contains(alias.text) else {
            throw section.refusal("id", "is a word of the API: write another one")
        }
        self.alias = alias
        name = try section.value("name", CameraChecks.nameForm, CameraChecks.name) ?? alias.text
        guard let source = try Self.address("source", of: section) else {
            throw section.refusal("source", "is missing: write rtsp://… or file:/…")
        }
        self.source = source
        detect = try Self.address("detect", of: section)
        transport = try section.choice("transport") ?? .tcp
        audio = try section.boolean("audio") ?? false
    }

    /// - Throws: `invalidArgument` whose context names the field that is wrong.
    package init(
        alias: CameraAlias, name: String, source: Secret<String>, detect: Secret<String>? = nil,
        transport: Transport = .tcp, audio: Bool = false
    ) throws {
        guard let checked = CameraChecks.name(name) else {
            throw Self.refusal("name", "The name must be \(CameraChecks.nameForm).")
        }
        for (field, address) in [("source", source), ("detect", detect)] {
            if let address, let flaw = CameraChecks.flaw(ofAddress: address.reveal()) {
                throw Self.refusal(field, "The address \(flaw).")
            }
        }
        self.alias = alias
        self.name = checked
        self.source = source
        self.detect = detect
        self.transport = transport
        self.audio = audio
    }

    static func refusal(_ field: String, _ message: String) -> GuardianError {
        GuardianError(.invalidArgument, message, context: ["field": field])
    }

    /// Reads a stream's address. Only an address with a password is a secret: a configuration file without secrets may be
    /// readable for other users.
    private static func address(_ key: String, of section: ConfigurationSection) throws -> Secret<String>? {
        guard let text = try section.string(key) else { return nil }
        if let flaw = CameraChecks.flaw(ofAddress: text) { throw section.refusal(key, flaw) }
        return CameraChecks.holdsSecret(text) ? try section.secret(key) : Secret(text)
    }
}
