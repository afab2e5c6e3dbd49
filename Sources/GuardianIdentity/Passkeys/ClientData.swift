import Foundation
import GuardianCore

/// What the browser says about the page that asked for a passkey (WebAuthn Level 2, 5.8.1). The authenticator signs its hash.
package struct ClientData: Sendable {
    enum Ceremony: String, Sendable {
        case create = "webauthn.create"
        case get = "webauthn.get"
    }

    /// Bytes that are looked at: it holds a challenge and an origin, and browsers add some words.
    static let limit = 2 * 1024

    let challenge: [UInt8]
    private let type: String
    private let origin: String
    private let isFramed: Bool

    private struct Members: Decodable {
        var type: String
        var challenge: String
        var origin: String
        var crossOrigin: Bool?
        var topOrigin: String?
    }

    /// `nil` when the bytes are no such JSON. Members that are not known are passed over, as WebAuthn demands.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.limit, let members = try? JSONDecoder().decode(Members.self, from: Data(bytes)),
            let challenge = Base64URL.decode(members.challenge.utf8)
        else { return nil }
        self.challenge = challenge
        type = members.type
        origin = members.origin
        isFramed = members.crossOrigin == true || members.topOrigin != nil
    }

    /// Whether a page of this server asked, and not from within a page of another site.
    func isOf(_ ceremony: Ceremony, at relyingParty: RelyingParty) -> Bool {
        type == ceremony.rawValue && origin == relyingParty.origin && !isFramed
    }
}
