import Foundation
import GuardianCore

/// Removes credentials from texts of other origin, such as a library's error messages.
public enum Redaction {
    /// Returns the text with the user part of every URL replaced: `rtsp://user:secret@host/` becomes `rtsp://…@host/`, and
    /// so are the values of parameters that hold passwords.
    ///
    /// The user part ends at the URL's last `@`: people write `/`, `?` and `#` in passwords.
    public static func redact(_ text: String) -> String {
        SecretParameters.redact(
            text.replacing(#/([A-Za-z][A-Za-z0-9+.\-]*:\/\/)[^\s"'<>]*@/#) { "\($0.output.1)…@" })
    }
}
