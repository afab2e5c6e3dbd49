import GuardianCore
import HTTPTypes
import Hummingbird

/// Rejects requests that address another host or come from pages of another site.
///
/// * `Host` must be a loopback name; any port is allowed, since a tunnel may use another one. This prevents DNS
///   rebinding, where an attacker's domain name resolves to this machine.
/// * `Origin`, if present, must equal `Host`.
/// * `Sec-Fetch-Site` (W3C Fetch Metadata), if present, must be `same-origin` or `none`. A link on another site may
///   open a page, but not a path of the API.
struct OriginGuard: RouterMiddleware {
    typealias Context = WebContext

    private static let names: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        try Self.check(request)
        return try await next(request, context)
    }

    static func check(_ request: Request) throws {
        guard let host = request.head.authority, !request.headers.contains(where: { $0.name.canonicalName == "host" })
        else {
            throw HTTPRefusal(
                status: .badRequest, code: .invalidArgument, detail: "The request must have exactly one Host header.")
        }
        let authority = host.lowercased()
        guard let name = name(of: authority), names.contains(name) else {
            throw GuardianError(
                .permissionDenied,
                "This server answers only to the names localhost, 127.0.0.1 and [::1]: open it by one of them.")
        }
        if let origin = request.headers[.origin], origin.lowercased() != "http://\(authority)" {
            throw GuardianError(.permissionDenied, "Requests from other sites' pages are refused.")
        }
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none", !isNavigation(request) {
            throw GuardianError(.permissionDenied, "Requests from other sites' pages are refused.")
        }
    }

    private static func isNavigation(_ request: Request) -> Bool {
        request.method == .get && request.headers[.secFetchMode] == "navigate"
            && request.headers[.secFetchDest] == "document" && !request.uri.path.hasPrefix("/api/")
    }

    /// Returns the name in `name`, `name:port`, `[v6]` or `[v6]:port`; `nil` for any other text.
    private static func name(of authority: String) -> String? {
        let split =
            authority.hasPrefix("[")
            ? authority.firstIndex(of: "]").map { authority.index(after: $0) }
            : (authority.firstIndex(of: ":") ?? authority.endIndex)
        guard let split else { return nil }
        let rest = authority[split...]
        guard rest.isEmpty || (rest.hasPrefix(":") && UInt16(rest.dropFirst()) != nil) else { return nil }
        return String(authority[..<split])
    }
}

extension HTTPField.Name {
    // The names are valid tokens (RFC 9110), so `??` never applies; the initialiser returns an optional.
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .secPurpose
    static let secFetchMode = HTTPField.Name("Sec-Fetch-Mode") ?? .secPurpose
    static let secFetchDest = HTTPField.Name("Sec-Fetch-Dest") ?? .secPurpose
}
