import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianMedia

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
        name = try section.value("name", "1 to 80 visible characters on one line", Self.name) ?? alias.text
        guard let source = try Self.address("source", of: section) else {
            throw section.refusal("source", "is missing: write rtsp://… or file:/…")
        }
        self.source = source
        detect = try Self.address("detect", of: section)
        transport = try section.choice("transport") ?? .tcp
        audio = try section.boolean("audio") ?? false
    }

    /// Accepts a name that can be seen and takes one line: joiners are allowed, which some scripts and emoji need, but not
    /// what turns the text around it.
    private static func name(_ text: String) -> String? {
        guard (1...80).contains(text.count), text.utf8.count <= 800 else { return nil }
        let scalars = text.unicodeScalars
        let allowed = scalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
            // The zero-width joiner and non-joiner, and the letters of flags.
            case .format: [0x200C, 0x200D].contains(scalar.value) || (0xE0020...0xE007F).contains(scalar.value)
            default: true
            }
        }
        return allowed && scalars.contains(where: isVisible) ? text : nil
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.properties.isDefaultIgnorableCodePoint, !scalar.properties.isWhitespace else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark, .unassigned: return false
        // U+2800 is a braille pattern without dots.
        default: return scalar.value != 0x2800
        }
    }

    /// Reads a stream's address. Only an address with a password is a secret: a configuration file without secrets may be
    /// readable for other users.
    private static func address(_ key: String, of section: ConfigurationSection) throws -> Secret<String>? {
        guard let text = try section.string(key) else { return nil }
        if text.prefix(5).lowercased() == "file:" {
            guard URLComponents(string: text)?.path.hasPrefix("/") == true else {
                throw section.refusal(key, "must be file:/ and an absolute path")
            }
            return Secret(text)
        }
        do throws(RTSPAddress.Flaw) {
            guard try RTSPAddress(text).holdsSecret else { return Secret(text) }
        } catch {
            throw section.refusal(
                key, error.text.hasPrefix("must begin") ? "must begin with rtsp://, rtsps:// or file:/" : error.text)
        }
        return try section.secret(key)
    }
}
