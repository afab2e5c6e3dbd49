import GuardianCore
import GuardianIdentity
import HTTPTypes

/// What a request proves with who sends it, and in which realm.
struct Credentials: Sendable {
    enum Proof: Sendable {
        case token(Secret<String>)
        case session(Secret<String>)
        case none
    }

    let proof: Proof
    /// Home without a proof.
    let realm: AccountRealm

    /// A token counts before a session: whoever sends one means it.
    init(_ headers: HTTPFields) {
        if let header = headers[.authorization] {
            self.init(Self.bearer(header), Proof.token)
            return
        }
        let pairs = headers[values: .cookie].flatMap { $0.split(separator: ";") }
        let values = pairs.compactMap { pair -> Substring? in
            let pair = pair.drop { $0 == " " }
            guard pair.hasPrefix("\(SessionCookie.name)=") else { return nil }
            return pair.dropFirst(SessionCookie.name.count + 1)
        }
        // Two cookies of that name are no browser's.
        let value = values.count == 1 ? values.first.flatMap { $0.isEmpty ? nil : Secret(String($0)) } : nil
        self.init(value, Proof.session)
    }

    private init(_ marked: Secret<String>?, _ proof: (Secret<String>) -> Proof) {
        guard let (realm, secret) = marked.flatMap(AccountRealm.read) else {
            (self.proof, realm) = (.none, .home)
            return
        }
        (self.proof, self.realm) = (proof(secret), realm)
    }

    /// The token of `Authorization: Bearer …` (RFC 6750, 2.1).
    private static func bearer(_ header: String) -> Secret<String>? {
        let words = header.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return Secret(String(words[1]))
    }
}
