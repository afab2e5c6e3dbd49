import GuardianCore

// `guardian-recipient:X-Wing:xeWMB96xMYk:dcBAenBS…`: kind, key id and public key in base64url. The key id is a hash of
// the key, so that a mistyped or truncated line is detected. The line needs no quotes in YAML or in a shell.

extension Recipient {
    private static let scheme = "guardian-recipient"

    /// One line for configuration files and for sharing.
    public var text: String {
        "\(Self.scheme):\(kem.rawValue):\(keyID.text):\(Base64URL.encode(publicKey))"
    }

    /// Parses such a line; white space around it is ignored.
    ///
    /// - Throws: `invalidArgument` when it is not a recipient, or is mistyped.
    public init(text: String) throws {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map { Self.trimmed($0) }
        guard fields.count == 4, fields[0] == Self.scheme else {
            throw GuardianError(
                .invalidArgument,
                "The text is not a recipient (`\(Self.scheme):X-Wing:…`); copy it from `guardian keys show`.")
        }
        guard let kem = RecipientKEM(rawValue: fields[1]) else {
            throw GuardianError(
                .invalidArgument, "The recipient is of an unknown kind; use X-Wing or X25519.")
        }
        guard let keyID = RecipientKeyID(fields[2]), let publicKey = Base64URL.decode(Array(fields[3].utf8)),
            publicKey.count == kem.publicKeySize, RecipientKeyID(of: publicKey) == keyID
        else {
            throw GuardianError(
                .invalidArgument, "The recipient is mistyped or cut short; copy its whole line again.",
                context: ["keyId": fields[2]])
        }
        try self.init(kem: kem, publicKey: publicKey)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

extension Recipient: CustomStringConvertible {
    public var description: String { "\(kem.rawValue) \(keyID)" }
}
