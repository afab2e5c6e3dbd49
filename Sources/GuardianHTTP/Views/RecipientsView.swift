/// Who can open what is archived from now on.
public struct RecipientsView: Codable, Sendable, Hashable {
    public var items: [Recipient]
    /// Recipients in all, from which on none is added.
    public var limit: Int
    /// Whether a node is configured, to which sealed clips are sent. Without one nothing is archived.
    public var node: Bool

    public init(items: [Recipient], limit: Int, node: Bool) {
        self.items = items
        self.limit = limit
        self.node = node
    }

    public struct Recipient: Codable, Sendable, Hashable {
        /// The first 8 bytes of the public key's SHA-256, in base64url: it stands on the sheet of the recovery code, too.
        public var keyId: String
        /// `X-Wing` or `X25519`.
        public var kem: String
        @Nullable public var name: String?
        /// `nil`: it is not known when, because the configuration file has it.
        @Nullable public var addedAt: Moment?
        /// Whether the configuration file has it: it can be removed only there.
        public var fixed: Bool

        public init(keyId: String, kem: String, name: String?, addedAt: Moment?, fixed: Bool) {
            self.keyId = keyId
            self.kem = kem
            self._name = Nullable(wrappedValue: name)
            self._addedAt = Nullable(wrappedValue: addedAt)
            self.fixed = fixed
        }
    }
}
