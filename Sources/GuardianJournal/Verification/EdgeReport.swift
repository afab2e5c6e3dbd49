import GuardianCore

/// What a node holds of one edge's journal: `GET /api/v1/edges` gives a list of these, and `guardian doctor --node`
/// holds an edge's journal against it.
public struct EdgeReport: Hashable, Sendable, Codable {
    /// Ed25519 public key, base64url without padding.
    public var deviceKey: String
    /// SHA-256 of the key in hexadecimal, as the edge's certificate has it.
    public var fingerprint: Hash256
    /// Whether it publishes now.
    public var connected: Bool
    /// RFC 3339; when the node last heard of it.
    public var lastSeenAt: String?
    /// In the order of arrival; the newest last.
    public var chains: [ChainReport]

    public init(
        deviceKey: String, fingerprint: Hash256, connected: Bool, lastSeenAt: String?, chains: [ChainReport]
    ) {
        self.deviceKey = deviceKey
        self.fingerprint = fingerprint
        self.connected = connected
        self.lastSeenAt = lastSeenAt
        self.chains = chains
    }
}

/// How whole a chain is at the node.
public struct ChainReport: Hashable, Sendable, Codable {
    public var chain: ChainID
    /// Every entry up to this one is there, signed and chained; 0: none.
    public var verifiedThrough: Int64
    /// The highest sequence that is there, and the SHA-256 of its payload.
    public var highest: Int64
    public var highestHash: Hash256?
    /// The highest sequence of which the edge said that it exists; `nil` before it said so.
    public var claimed: Int64?
    /// How many entries behind the highest one the edge still owes.
    public var missingTail: Int64
    /// Runs of missing entries below the highest one, lowest first; 100 at most.
    public var gaps: [SequenceRange]
    /// The first entry whose `previous` is not the hash of the one before; `nil` when the links hold.
    public var brokenAt: Int64?
    /// Sequences of which the edge signed two different payloads.
    public var forks: [Int64]
    /// Entries that were not taken, whatever the reason.
    public var rejected: Int
    public var lastRejection: RejectionReport?

    public init(
        chain: ChainID, verifiedThrough: Int64, highest: Int64, highestHash: Hash256?, claimed: Int64?,
        missingTail: Int64, gaps: [SequenceRange], brokenAt: Int64?, forks: [Int64], rejected: Int,
        lastRejection: RejectionReport?
    ) {
        self.chain = chain
        self.verifiedThrough = verifiedThrough
        self.highest = highest
        self.highestHash = highestHash
        self.claimed = claimed
        self.missingTail = missingTail
        self.gaps = gaps
        self.brokenAt = brokenAt
        self.forks = forks
        self.rejected = rejected
        self.lastRejection = lastRejection
    }
}

/// A run of sequences, both ends in it.
public struct SequenceRange: Hashable, Sendable, Codable {
    public var first: Int64
    public var last: Int64

    public init(first: Int64, last: Int64) {
        self.first = first
        self.last = last
    }
}

/// An entry that a node did not take.
public struct RejectionReport: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The device did not sign this.
        case signature
        /// The payload is not the journal's JSON.
        case malformed
        /// The payload speaks of another chain or sequence than the message around it.
        case mismatch
        /// Another payload with this sequence is there already.
        case fork
        /// The chain is another device's.
        case foreign
    }

    public var sequence: Int64
    public var kind: Kind
    /// For a person.
    public var reason: String
    /// RFC 3339.
    public var at: String

    public init(sequence: Int64, kind: Kind, reason: String, at: String) {
        self.sequence = sequence
        self.kind = kind
        self.reason = reason
        self.at = at
    }
}
