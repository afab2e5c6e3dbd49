import GuardianCore

/// A page of the journal, oldest entry first, with everything that verification needs.
public struct JournalPage: Codable, Sendable {
    public struct Entry: Codable, Sendable {
        public var sequence: Int64
        /// The bytes that were signed, base64.
        public var payload: String
        /// Ed25519 by the device key over `guardian/journal/v1`, a zero byte and the payload; base64.
        public var signature: String

        public init(sequence: Int64, payload: String, signature: String) {
            self.sequence = sequence
            self.payload = payload
            self.signature = signature
        }
    }

    /// The device's public key, Ed25519, base64.
    public var deviceKey: String
    @Nullable public var chain: ChainID?
    public var items: [Entry]

    public init(deviceKey: String, chain: ChainID?, items: [Entry]) {
        self.deviceKey = deviceKey
        self.chain = chain
        self.items = items
    }
}
