import Foundation

/// Removes credentials from texts of other origin, such as a library's error messages.
public enum Redaction {
    /// Returns the text with the user part of every URL replaced: `rtsp://user:secret@host/` becomes `rtsp://…@host/`.
    public static func redact(_ text: String) -> String {
        text.replacing(#/([A-Za-z][A-Za-z0-9+.\-]*:\/\/)[^\/\s@]*(?:@[^\/\s@]*)*@/#) { "\($0.output.1)…@" }
    }
}
