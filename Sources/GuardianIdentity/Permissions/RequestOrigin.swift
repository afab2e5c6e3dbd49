import GuardianCore

/// Where a request comes from, for lists of sessions and the audit log. The texts are the client's; they are cut, and hold no
/// control characters.
public struct RequestOrigin: Hashable, Sendable {
    public let address: ClientAddress
    /// The `User-Agent` header, at most 256 bytes.
    public let agent: String
    /// Whose accounts it is about, also when there are none of that name.
    public let realm: AccountRealm

    public init(address: String, agent: String = "", realm: AccountRealm = .home) {
        self.address = ClientAddress(address)
        self.realm = realm
        self.agent = PlainText.cut(agent, bytes: 256)
    }

    /// This machine itself.
    public static let local = RequestOrigin(address: "local", agent: "command line")
}

/// A client's address.
public struct ClientAddress: Hashable, Sendable, CustomStringConvertible {
    /// As it is shown; at most 64 bytes.
    public let text: String
    /// What counts as one place for throttling: an IPv4 address; of IPv6 the /64 that a household has, because everyone has
    /// 2⁶⁴ addresses in it. Link-local addresses all share a /64, and count alone.
    public let place: String

    public init(_ address: String) {
        let bare = address.prefix { $0 != "%" }
        text = PlainText.cut(String(bare), bytes: 64)
        place = Self.place(of: text)
    }

    public var description: String { text }

    /// Whether it is this machine itself (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
    public var isLoopback: Bool { IPAddress(ofHost: text)?.kind == .loopback }

    private static func place(of text: String) -> String {
        // ::ffff:a.b.c.d is an IPv4 client at a socket of both families (RFC 4291, 2.5.5.2).
        guard let address = IPAddress(ofHost: text) else { return "?:\(text)" }
        if address.bytes.count == 4 { return name(address.bytes, "4:") }
        return name(address.isLinkLocalIPv6 ? address.bytes : Array(address.bytes.prefix(8)), "6:")
    }

    private static func name(_ bytes: [UInt8], _ family: String) -> String {
        family + bytes.map { String($0, radix: 16) }.joined(separator: ".")
    }
}
