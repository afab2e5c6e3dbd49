import GuardianCore

/// A passkey that a browser made.
struct NewPasskeyBody: JSONBody {
    static let members = ["name", "clientDataJSON", "attestationObject"]

    var name: String
    var clientDataJSON: Base64URLText
    var attestationObject: Base64URLText
}

/// Logs in with a passkey.
struct PasskeyLoginBody: JSONBody {
    static let members = ["id", "clientDataJSON", "authenticatorData", "signature", "userHandle", "remember"]

    var id: Base64URLText
    var clientDataJSON: Base64URLText
    var authenticatorData: Base64URLText
    var signature: Base64URLText
    var userHandle: Base64URLText
    var remember: Bool?
}

/// Gives a passkey another name.
struct PasskeyNameBody: JSONBody {
    static let members = ["name"]

    var name: String
}

/// Bytes in a body, as base64url without padding (RFC 4648, 5).
struct Base64URLText: Decodable, Hashable, Sendable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = Base64URL.decode(try container.decode(String.self).utf8), !bytes.isEmpty else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no base64url")
        }
        self.bytes = bytes
    }
}
