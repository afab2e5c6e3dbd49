import GuardianCore

/// What a node holds of one edge's journal: `GET /api/v1/edges` returns a list of these, and `guardian doctor --node`
/// compares an edge's journal with it.
public struct EdgeReport: Hashable, Sendable, Codable {
    /// Ed25519 public key, base64url without padding.
    public var deviceKey: String
    /// SHA-256 of the key in hexadecimal, as the edge's certificate has it.
    public var fingerprint: Hash256
    /// Whether the edge is connected now.
    public var connected: Bool
    /// When the edge last connected or sent entries; RFC 3339.
    public var lastSeenAt: String?
    /// In the order of arrival; the newest last.
    public var chains: [ChainReport]
    /// How the edge is, as its telemetry says; absent when that cannot be read.
    public var health: EdgeHealth?

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

/// How complete a chain is at the node.
public struct ChainReport: Hashable, Sendable, Codable {
    public var chain: ChainID
    /// Every entry up to this one is stored, and its signature and link are verified; 0: none.
    public var verifiedThrough: Int64
    /// The highest sequence that is stored.
    public var highest: Int64
    /// SHA-256 of the payload of the highest entry.
    public var highestHash: Hash256?
    /// The highest sequence that the edge claimed to have; `nil` before it claimed one.
    public var claimed: Int64?
    /// How many claimed entries after the highest one are not delivered.
    public var missingTail: Int64
    /// Ranges of missing entries below the highest one, lowest first; at most 100.
    public var gaps: [SequenceRange]
    /// The first entry whose `previous` is not the hash of the one before; `nil` when the links hold.
    public var brokenAt: Int64?
    /// Sequences for which the edge signed two different payloads.
    public var forks: [Int64]
    /// How many entries were rejected, for any reason.
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

/// A range of sequences, including both ends.
public struct SequenceRange: Hashable, Sendable, Codable {
    public var first: Int64
    public var last: Int64

    public init(first: Int64, last: Int64) {
        self.first = first
        self.last = last
    }
}

/// An entry that a node rejected.
public struct RejectionReport: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The signature is not the device's.
        case signature
        /// The payload is not the journal's JSON.
        case malformed
        /// The payload names another chain or sequence than the message around it.
        case mismatch
        /// A different payload with this sequence is stored already.
        case fork
        /// The chain belongs to another device.
        case foreign
    }

    public var sequence: Int64
    public var kind: Kind
    /// Text for people.
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
