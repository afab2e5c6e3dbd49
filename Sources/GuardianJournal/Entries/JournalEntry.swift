import GuardianCore

/// A signed entry of the journal: a payload that never changes, and the device's signature over it.
public struct JournalEntry: Hashable, Sendable {
    public let chain: ChainID
    /// From 1.
    public let sequence: Int64
    /// UTF-8 JSON; stored, sent and verified as these bytes.
    public let payload: [UInt8]
    /// Ed25519 over "guardian/journal/v1", a zero byte and the payload; 64 bytes.
    public let signature: [UInt8]

    public init(chain: ChainID, sequence: Int64, payload: [UInt8], signature: [UInt8]) {
        self.chain = chain
        self.sequence = sequence
        self.payload = payload
        self.signature = signature
    }

    /// SHA-256 of the payload; the next entry's `previous`.
    public var hash: Hash256 { .sha256(of: payload) }

    /// Returns whether the device signed exactly this payload.
    public func isSigned(by key: DevicePublicKey) -> Bool { key.verifies(signature, of: payload, domain: .journal) }

    /// Parses the payload.
    ///
    /// - Throws: `invalidArgument` that names the place when it is not the journal's JSON.
    public func content() throws -> JournalContent { try JournalContent(payload: payload) }
}

/// The content of a payload.
public struct JournalContent: Hashable, Sendable {
    public var chain: ChainID
    /// From 1.
    public var sequence: Int64
    /// The hash of the previous entry's payload; `nil` (written as an empty string) in the first entry.
    public var previous: Hash256?
    /// When it was written, by the device's clock; the order of entries is that of their sequences.
    public var at: Timestamp
    public var body: JournalBody

    public init(chain: ChainID, sequence: Int64, previous: Hash256?, at: Timestamp, body: JournalBody) {
        self.chain = chain
        self.sequence = sequence
        self.previous = previous
        self.at = at
        self.body = body
    }
}
