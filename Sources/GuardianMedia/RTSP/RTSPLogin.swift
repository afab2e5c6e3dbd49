import GuardianClients
import GuardianCore

extension HTTPChallenge {
    /// Whether libav could answer: it looks only at the last digest, of which it knows MD5 alone, and not beside `auth-int`.
    static func suitsLibAV(_ challenges: [HTTPChallenge]) -> Bool {
        let digests = challenges.filter { challenge in
            switch challenge.scheme {
            case .digest: true
            case .unknown(let name): name.hasPrefix("Digest")
            case .basic: false
            }
        }
        guard let last = digests.last else { return challenges.contains { $0.scheme == .basic } }
        if case .digest(.md5, _) = last.scheme { return last.parameters["qop"]?.contains("auth-int") != true }
        return false
    }
}

extension HTTPLogin {
    /// - Parameter credentials: what stands before the host of a camera's address: `name:password`, percent-encoded.
    init(_ challenge: HTTPChallenge, _ credentials: Secret<String>) {
        let text = credentials.reveal()
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let password = Secret(Self.decoded(text[colon...].dropFirst()))
        self.init(challenge, name: Self.decoded(text[..<colon]), password: password)
    }

    /// Decodes `%2F`; leaves what is no such code.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
