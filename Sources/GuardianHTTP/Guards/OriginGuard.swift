import GuardianCore
import HTTPTypes
import Hummingbird

/// Rejects requests that address another host or come from pages of another site.
///
/// * `Host` must be one of the server's names or a literal address; any port is allowed, since a tunnel may use another one. This
///   prevents DNS rebinding, where an attacker's domain name resolves to this machine.
/// * `Origin`, if present, must equal `Host`, with the server's own scheme.
/// * `Sec-Fetch-Site` (W3C Fetch Metadata), if present, must be `same-origin` or `none`. A link on another site may
///   open a page, but not a path of the API.
/// * `X-Forwarded-Prefix`, by which a proxy says that it took a path away, is refused: pages, the service worker and the session's
///   cookie are for the root of a name, and below a path they would fail one by one, each in its own way.
struct OriginGuard: RouterMiddleware {
    typealias Context = WebContext

    let names: HostNames
    /// `https`, or `http` for a server without TLS.
    let scheme: String

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        try check(request)
        return try await next(request, context)
    }

    func check(_ request: Request) throws {
        guard let host = request.head.authority, !request.headers.contains(where: { $0.name.canonicalName == "host" })
        else {
            throw HTTPRefusal(
                status: .badRequest, code: .invalidArgument, detail: "The request must have exactly one Host header.")
        }
        guard names.contain(host) else {
            throw GuardianError(
                .permissionDenied,
                "This server answers only to its addresses, localhost and its own names: open it by one of them, or add this name "
                    + "to web.names.")
        }
        // From whomever: it takes nothing but an answer that could not be used.
        if let name = HTTPField.Name("X-Forwarded-Prefix"),
            request.headers[values: name].contains(where: { !["", "/"].contains($0.trimmingSpaces) })
        {
            throw GuardianError(
                .permissionDenied,
                "The proxy serves Guardian below a path, where it cannot work: give it a host name of its own, such as "
                    + "guardian.example.org, and pass everything below / on.")
        }
        if let origin = request.headers[.origin], origin.lowercased() != "\(scheme)://\(host.lowercased())" {
            throw GuardianError(.permissionDenied, "Requests from other sites' pages are refused.")
        }
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none", !isNavigation(request) {
            throw GuardianError(.permissionDenied, "Requests from other sites' pages are refused.")
        }
    }

    private func isNavigation(_ request: Request) -> Bool {
        request.method == .get && request.headers[.secFetchMode] == "navigate"
            && request.headers[.secFetchDest] == "document"
            // As the router reads it, which takes slashes in a row for one.
            && request.uri.path.split(separator: "/").first != "api"
    }
}

extension HTTPField.Name {
    // The names are valid tokens (RFC 9110), so `??` never applies; the initialiser returns an optional.
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .secPurpose
    static let secFetchMode = HTTPField.Name("Sec-Fetch-Mode") ?? .secPurpose
    static let secFetchDest = HTTPField.Name("Sec-Fetch-Dest") ?? .secPurpose
}
