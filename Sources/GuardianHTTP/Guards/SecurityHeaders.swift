import HTTPTypes
import Hummingbird

/// Adds the security headers to every response, and forbids to store those that say nothing about it.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = WebContext

    /// Allows only files of this server, no inline scripts or styles, and media from MediaSource (`blob:`). Forbids
    /// framing, and scripts that turn text into HTML.
    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:",
        "media-src 'self' blob:", "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "worker-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].joined(separator: "; ")

    private static let fields: [(name: String, value: String)] = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ]

    private let headers: [(HTTPField.Name, String)]

    /// - Parameter tls: the server's certificate. When browsers trust it, they are told to insist on it for a year (RFC 6797); with an
    ///   authority of our own that would lock out devices that do not have it.
    init(tls: WebCertificates?) {
        let more = tls?.isOwn == true ? [("Strict-Transport-Security", "max-age=31536000")] : []
        headers = (Self.fields + more).compactMap { field in
            HTTPField.Name(field.0).map { ($0, field.1) }
        }
    }

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in headers { response.headers[name] = value }
        // A 304 would change what was stored before (RFC 9111, 3.2).
        if response.headers[.cacheControl] == nil, response.status != .notModified {
            response.headers[.cacheControl] = "no-store"
        }
        return response
    }
}
