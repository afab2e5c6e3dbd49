import GuardianCore
import GuardianIdentity
import HTTPTypes

/// What a request proves with who sends it.
enum Credentials: Sendable {
    case token(Secret<String>)
    case session(Secret<String>)
    case none

    /// A token counts before a session: whoever sends one means it.
    init(_ headers: HTTPFields) {
        if let header = headers[.authorization] {
            self = Self.bearer(header).map(Self.token) ?? .none
            return
        }
        let pairs = headers[values: .cookie].flatMap { $0.split(separator: ";") }
        let values = pairs.compactMap { pair -> Substring? in
            let pair = pair.drop { $0 == " " }
            guard pair.hasPrefix("\(SessionCookie.name)=") else { return nil }
            return pair.dropFirst(SessionCookie.name.count + 1)
        }
        // Two cookies of that name are no browser's.
        guard values.count == 1, let value = values.first, !value.isEmpty else {
            self = .none
            return
        }
        self = .session(Secret(String(value)))
    }

    /// The token of `Authorization: Bearer …` (RFC 6750, 2.1).
    private static func bearer(_ header: String) -> Secret<String>? {
        let words = header.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return Secret(String(words[1]))
    }
}
