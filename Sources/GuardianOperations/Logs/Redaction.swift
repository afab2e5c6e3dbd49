import Foundation

/// Takes credentials out of texts that come from outside, such as a library's error messages.
public enum Redaction {
    /// The text with the user part of every URL in it replaced: `rtsp://user:secret@host/` becomes `rtsp://…@host/`.
    public static func redact(_ text: String) -> String {
        text.replacing(#/([A-Za-z][A-Za-z0-9+.\-]*:\/\/)[^\/\s@]*(?:@[^\/\s@]*)*@/#) { "\($0.output.1)…@" }
    }
}
