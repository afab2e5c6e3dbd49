import GuardianCore

/// A URI that a camera or a person gave, split by us: what is compared, changed and connected to is the same text.
package struct PlainURI: Hashable, Sendable {
    /// Lower case.
    package var scheme: String
    /// Lower case, without brackets.
    package var host: String
    package var port: Int?
    /// Path and query; empty, or begins with `/`, `?` or `#`.
    package var tail: String

    /// A name and a password before the host are left out. `nil` for what is no URI with a host, longer than 1,024 bytes, or
    /// holds spaces, quotes or anything but ASCII: it goes into requests and other programs' arguments.
    package init?(_ text: String) {
        guard text.utf8.count <= 1_024, text.utf8.allSatisfy(Self.isPlain), let mark = text.firstRange(of: "://") else {
            return nil
        }
        scheme = text[..<mark.lowerBound].lowercased()
        guard !scheme.isEmpty, scheme.utf8.allSatisfy(Self.isOfScheme) else { return nil }
        let rest = text[mark.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        tail = String(rest[end...])
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        // An IPv6 address without brackets could be one with a port (RFC 3986, 3.2.2).
        guard authority.hasPrefix("[") || authority.count(where: { $0 == ":" }) <= 1,
            let place = Self.split(authority)
        else { return nil }
        (host, port) = place
    }

    /// `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`, or a bare IPv6 address.
    package static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        if IPAddress(ofHost: String(authority)) != nil { return (authority.lowercased(), nil) }
        var (host, port) = (authority, Substring?.none)
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let rest = authority[authority.index(after: close)...]
            guard rest.isEmpty || rest.hasPrefix(":"), IPAddress(ofHost: String(host)) != nil else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            (host, port) = (authority[..<colon], authority[authority.index(after: colon)...])
        }
        guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
        if !authority.hasPrefix("[") { guard host.utf8.allSatisfy(Self.isOfName) else { return nil } }
        guard let port, !port.isEmpty else { return (host.lowercased(), nil) }
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port), number > 0 else {
            return nil
        }
        return (host.lowercased(), Int(number))
    }

    /// Whether both hosts are the same address or the same name.
    package static func isSame(_ left: String, _ right: String) -> Bool {
        if let left = IPAddress(ofHost: left), let right = IPAddress(ofHost: right) { return left == right }
        return left.lowercased() == right.lowercased()
    }

    /// A host as it stands in a URI.
    package static func uriHost(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    package var text: String { "\(scheme)://\(Self.uriHost(host))\(port.map { ":\($0)" } ?? "")\(tail)" }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\"<>\\^`{|}".utf8.contains(byte)
    }

    private static func isOfScheme(_ byte: UInt8) -> Bool { isOfName(byte) || byte == 0x2B }

    /// Letters, digits, `-`, `.` and `_`.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
