import Foundation
import GuardianCore

/// A camera's address, split where libav splits it: `rtsp://user:password@host:port/path`.
public struct RTSPAddress: Sendable, Hashable {
    /// What is wrong with an address, and what to write instead; holds nothing of the address.
    public struct Flaw: Error, Sendable {
        public var text: String
    }

    /// Where a connection goes to.
    public struct Endpoint: Sendable, Hashable {
        /// Whether the scheme is `rtsps`: RTSP over TLS.
        public var isSecure: Bool
        /// In lower case; an IPv6 address without brackets.
        public var host: String
        public var port: Int
    }

    public let endpoint: Endpoint
    /// User name and password as they are written; `nil` when there are none.
    public let credentials: Secret<String>?
    /// Whether anything in it is a password.
    public let holdsSecret: Bool
    /// Scheme, host and port, as requests have them.
    let base: String
    /// Path and query.
    let tail: String

    /// - Throws: `Flaw`.
    public init(_ text: String) throws(Flaw) {
        guard let colon = text.firstRange(of: "://") else { throw Flaw(text: "must begin with rtsp:// or rtsps://") }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "rtsp" || scheme == "rtsps" else { throw Flaw(text: "must begin with rtsp:// or rtsps://") }
        guard !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else {
            throw Flaw(text: "has a space or a control character in it: write a space as %20")
        }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let (authority, tail) = (rest[..<end], rest[end...])
        let at = authority.lastIndex(of: "@")
        if at == nil, let late = tail.lastIndex(of: "@"), rest[..<late].contains(":") {
            throw Flaw(
                text: "has an @ after its first /, ? or #. In a user name or password write / as %2F, ? as %3F, "
                    + "# as %23 and @ as %40; if there is none, write @ before the host")
        }
        let server = at.map { authority[authority.index(after: $0)...] } ?? authority
        endpoint = try Self.endpoint(server, isSecure: scheme == "rtsps")
        let user = at.map { authority[..<$0] } ?? ""
        base = endpoint.description
        self.tail = String(tail)
        credentials = user.isEmpty ? nil : Secret(String(user))
        holdsSecret = user.contains(":") || SecretParameters.areIn(String(tail))
    }

    private init(_ endpoint: Endpoint, credentials: Secret<String>?, holdsSecret: Bool, tail: String) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.holdsSecret = holdsSecret
        base = endpoint.description
        self.tail = tail
    }

    /// The same camera, at one address of its host.
    func at(_ address: IPAddress) -> RTSPAddress {
        var place = endpoint
        place.host = address.description
        return RTSPAddress(place, credentials: credentials, holdsSecret: holdsSecret, tail: tail)
    }

    /// Another path at this place, with this login.
    func with(tail: String) -> RTSPAddress {
        RTSPAddress(endpoint, credentials: credentials, holdsSecret: holdsSecret, tail: tail)
    }

    /// All of it, as libav reads it.
    var text: Secret<String> {
        let scheme = endpoint.isSecure ? "rtsps" : "rtsp"
        let login = credentials.map { $0.reveal() + "@" } ?? (tail.contains("@") ? "@" : "")
        return Secret("\(scheme)://\(login)\(base.dropFirst(scheme.count + 3))\(tail)")
    }

    private static func endpoint(_ text: Substring, isSecure: Bool) throws(Flaw) -> Endpoint {
        let (host, rest): (Substring, Substring)
        if text.hasPrefix("["), let bracket = text.firstIndex(of: "]") {
            (host, rest) = (text[text.index(after: text.startIndex)..<bracket], text[text.index(after: bracket)...])
            guard host.utf8.allSatisfy({ $0.isLetterOrDigit || "%:._-".utf8.contains($0) }) else {
                throw Flaw(text: "has no IPv6 address between its brackets")
            }
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            (host, rest) = (text[..<colon], text[colon...])
            guard host.utf8.allSatisfy({ $0 >= 0x80 || $0.isLetterOrDigit || "-._".utf8.contains($0) }) else {
                throw Flaw(text: "has a host with a character that no host's name has")
            }
        }
        guard !host.isEmpty else { throw Flaw(text: "names no host") }
        guard !rest.isEmpty, rest != ":" else {
            return Endpoint(isSecure: isSecure, host: host.lowercased(), port: isSecure ? 322 : 554)
        }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { throw Flaw(text: "has a port that is no number from 1 to 65535") }
        return Endpoint(isSecure: isSecure, host: host.lowercased(), port: port)
    }
}

extension RTSPAddress {
    /// Returns an address's text without user name, password and the values of secret parameters, so that it may be shown and
    /// stored. It is an address again.
    ///
    /// - Throws: `Flaw` when the text is no address.
    public static func withoutSecrets(_ text: String) throws(Flaw) -> String {
        let address = try RTSPAddress(text)
        guard let colon = text.firstRange(of: "://") else { return text }
        let (scheme, rest) = (text[..<colon.upperBound], text[colon.upperBound...])
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let server = rest[..<end].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let shown = "\(server)\(SecretParameters.redact(address.tail))"
        // Without the @ before the host, another one further on would be taken for it.
        return (try? RTSPAddress("\(scheme)\(shown)")) == nil ? "\(scheme)@\(shown)" : "\(scheme)\(shown)"
    }

    /// Returns the text of an address with this login instead of the one that it has. What an address cannot hold as it is, is
    /// percent-encoded (RFC 3986, 2.1).
    ///
    /// - Throws: `Flaw` when the text is no address.
    public static func adding(user: String, password: Secret<String>?, to text: String) throws(Flaw) -> Secret<String> {
        _ = try RTSPAddress(text)
        guard let colon = text.firstRange(of: "://") else { return Secret(text) }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let server = rest[..<end].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let login = encoded(user) + (password.map { ":" + encoded($0.reveal()) } ?? "")
        return Secret("\(text[..<colon.upperBound])\(login)@\(server)\(rest[end...])")
    }

    /// Returns an address with the login of another one, as it is written there, if that one is at the same place and this one has
    /// no login.
    public static func keepingLogin(of old: String, in text: String) -> Secret<String>? {
        guard let known = try? RTSPAddress(old), let login = known.credentials, let new = try? RTSPAddress(text),
            new.credentials == nil, new.endpoint == known.endpoint, let colon = text.firstRange(of: "://")
        else { return nil }
        let rest = text[colon.upperBound...]
        return Secret("\(text[..<colon.upperBound])\(login.reveal())@\(rest.hasPrefix("@") ? rest.dropFirst() : rest)")
    }

    /// The user name of an address, decoded; `nil` when it has none.
    public var user: String? {
        credentials.flatMap { $0.reveal().split(separator: ":", omittingEmptySubsequences: false).first }
            .map { $0.removingPercentEncoding ?? String($0) }
    }

    /// Everything but the unreserved characters of RFC 3986, 2.3.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            byte.isLetterOrDigit || "-._~".utf8.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension RTSPAddress.Endpoint: CustomStringConvertible {
    public var description: String {
        "\(isSecure ? "rtsps" : "rtsp")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
