import Crypto
import GuardianCore

/// What proves that a request which changes something comes from a page that knows its session's secret: a page of another
/// site can make a browser send the cookie, but not this.
public enum RequestKey {
    /// Returns the key of a session's secret: 64 hexadecimal digits, from which the secret cannot be found.
    public static func of(_ secret: Secret<String>) -> String {
        var hash = SHA256()
        hash.update(data: Array("guardian/request/v1\0".utf8))
        hash.update(data: Array(secret.reveal().utf8))
        return Hash256(digest: hash.finalize()).hex
    }
}
