import Foundation
import GuardianCore

/// A server's address: `http://` or `https://`, host, and a port where it is not the scheme's own.
public struct S3Endpoint: Sendable, Hashable, CustomStringConvertible {
    public let isSecure: Bool
    /// As in URLs: IPv6 addresses in brackets.
    public let host: String
    public let port: Int?

    /// `nil` when the text is not of that form; a path, a query or a user in it are refused.
    public init?(_ text: String) {
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = url.host, !host.isEmpty,
            url.port.map((1...65_535).contains) ?? true, url.user == nil, url.password == nil, url.query == nil,
            url.fragment == nil, ["", "/"].contains(url.path)
        else { return nil }
        isSecure = scheme == "https"
        self.host = (host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host).lowercased()
        port = url.port == (isSecure ? 443 : 80) ? nil : url.port
    }

    /// Whether the host is an IP address, which cannot have a bucket's name before it.
    var isAddress: Bool {
        host.hasPrefix("[") || host.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// Returns the `Host` header, with the bucket's name before the host when there is one.
    func authority(bucket: BucketName? = nil) -> String {
        (bucket.map { "\($0)." } ?? "") + host + (port.map { ":\($0)" } ?? "")
    }

    public var description: String { (isSecure ? "https://" : "http://") + authority() }
}
