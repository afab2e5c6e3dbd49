import GuardianCore
import HTTPTypes
import Hummingbird

/// Answers only requests that name this server and come from its own pages.
///
/// * `Host` must be a loopback name, with any port (a tunnel may have another): a name that an attacker's DNS points at
///   this machine is not one (DNS rebinding).
/// * `Origin`, where there is one, must be the very `Host`.
/// * `Sec-Fetch-Site` (W3C Fetch Metadata), where there is one, must be `same-origin` or `none`; a link on another site
///   may open a page, but nothing of the API.
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
                "This server answers only under localhost, 127.0.0.1 and [::1]: open it by one of these names.")
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

    /// The name in `name`, `name:port`, `[v6]` or `[v6]:port`; `nil` when it is none of these.
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
    // The names are tokens of RFC 9110; should one ever not be, the field is looked for under a name that never comes.
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .secPurpose
    static let secFetchMode = HTTPField.Name("Sec-Fetch-Mode") ?? .secPurpose
    static let secFetchDest = HTTPField.Name("Sec-Fetch-Dest") ?? .secPurpose
}
