/// Passwords that a URL holds as parameters, in its query or, as some cameras want it, in its path:
/// `?user=admin&password=…`, `/user=admin_password=…_channel=1.sdp`.
public enum SecretParameters {
    /// Whether the text has such a parameter.
    public static func areIn(_ text: String) -> Bool { text.contains(pattern) }

    /// Returns the text with the values of such parameters replaced.
    public static func redact(_ text: String) -> String { text.replacing(pattern) { "\($0.output.1)…" } }

    private static var pattern: Regex<(Substring, Substring)> {
        #/(?i)([a-z0-9]*(?:pass|passw|passwd|password|passphrase|passcode|pwd|psw|token|secret|auth|apikey)=)[^&;\/#\s"'<>]+/#
    }
}
