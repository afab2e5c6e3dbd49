import Foundation
import GuardianCore
import GuardianIdentity
import HTTPTypes
import Hummingbird

/// The cookie that holds a session's secret.
enum SessionCookie {
    /// Browsers accept the name only from HTTPS, for this host alone and for all paths (RFC 6265bis, 4.1.3.2).
    static let name = "__Host-guardian"
    private static let attributes = "Path=/; Secure; HttpOnly; SameSite=Strict"

    /// Returns the `Set-Cookie` header. A session that is not remembered ends with the browser, too.
    static func header(for session: NewSession, at now: Timestamp, in realm: AccountRealm) -> String {
        let age = session.session.isRemembered ? "; Max-Age=\(max(0, (session.session.endsAt - now) / 1000))" : ""
        return "\(name)=\(realm.mark(session.secret).reveal()); \(attributes)\(age)"
    }

    /// Returns the `Set-Cookie` header that removes the cookie.
    static let removal = "\(name)=; \(attributes); Max-Age=0"
}

extension Response {
    /// The same response, with the cookie of a session that goes on with a new secret. `GET /api/v1/session` has its new key.
    func goingOn(_ session: NewSession, at now: Timestamp, in realm: AccountRealm) -> Response {
        var response = self
        response.headers[.setCookie] = SessionCookie.header(for: session, at: now, in: realm)
        return response
    }
}

extension HTTPField.Name {
    // The name is a valid token (RFC 9110), so `??` never applies; the initialiser returns an optional.
    static let guardianRequest = HTTPField.Name("X-Guardian-Request") ?? .ifMatch
}
