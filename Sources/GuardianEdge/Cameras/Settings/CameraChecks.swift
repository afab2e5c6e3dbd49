import Foundation
import GuardianCore
import GuardianMedia

/// What a camera's settings may be, wherever they come from: the configuration, a request or the command line.
enum CameraChecks {
    static let aliasForm = "1 to 63 of a–z, 0–9, - and _, beginning with a letter or digit"
    /// Words that stand in the API where an alias may stand: `/api/v1/cameras/discover`.
    static let reservedAliases: Set<String> = ["discover"]
    /// Characters of a name.
    static let longestName = 80
    static let nameForm = "1 to \(longestName) visible characters on one line"

    /// Accepts a name that can be seen and takes one line: joiners are allowed, which some scripts and emoji need, but not
    /// what turns the text around it.
    static func name(_ text: String) -> String? {
        guard (1...longestName).contains(text.count), text.utf8.count <= 800 else { return nil }
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

    /// Returns what is wrong with a stream's address, in words that hold nothing of it; `nil` when nothing is.
    static func flaw(ofAddress text: String) -> String? {
        if isFile(text) {
            return URLComponents(string: text)?.path.hasPrefix("/") == true
                ? nil : "must be file:/ and an absolute path"
        }
        do throws(RTSPAddress.Flaw) {
            _ = try RTSPAddress(text)
            return nil
        } catch {
            return error.text.hasPrefix("must begin") ? "must begin with rtsp://, rtsps:// or file:/" : error.text
        }
    }

    static func isFile(_ text: String) -> Bool { text.prefix(5).lowercased() == "file:" }

    /// Whether an address that has no flaw holds a password.
    static func holdsSecret(_ text: String) -> Bool { (try? RTSPAddress(text).holdsSecret) ?? false }

    /// Returns an address without its secrets.
    static func withoutSecrets(_ text: String) -> String {
        guard !isFile(text) else { return text }
        // What is no address is shown to nobody.
        return (try? RTSPAddress.withoutSecrets(text)) ?? ""
    }
}
