/// The server as a browser knows it: what a passkey is bound to (WebAuthn Level 2, 4, Relying Party).
public struct RelyingParty: Hashable, Sendable {
    /// The host name, without a port: `guardian.local`. A passkey of one name cannot be used at another.
    public let id: String
    /// The scheme, host and port of the pages: `https://guardian.local:8480`.
    public let origin: String

    /// - Parameters:
    ///   - host: a name of this server. Browsers know no passkeys of IP addresses.
    ///   - port: `nil` for that of HTTPS.
    public init(host: String, port: UInt16?) {
        id = host
        // Browsers leave the scheme's own port out (WHATWG URL, origin's serialisation).
        origin = port.map { $0 == 443 ? "https://\(host)" : "https://\(host):\($0)" } ?? "https://\(host)"
    }
}
