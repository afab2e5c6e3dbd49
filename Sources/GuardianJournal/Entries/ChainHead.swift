import GuardianCore

/// How much of a chain a node has.
public struct ChainHolding: Hashable, Sendable {
    public let chain: ChainID
    /// How many of its entries.
    public let stored: Int64
    /// All entries up to this one are among them.
    public let through: Int64

    public init(chain: ChainID, stored: Int64, through: Int64) {
        self.chain = chain
        self.stored = stored
        self.through = through
    }
}

/// The end of a chain.
public struct ChainHead: Hashable, Sendable {
    public let chain: ChainID
    /// 0: no entry.
    public let sequence: Int64
    /// SHA-256 of that entry's payload; `nil` for a chain without entries.
    public let hash: Hash256?

    public init(chain: ChainID, sequence: Int64, hash: Hash256?) {
        self.chain = chain
        self.sequence = sequence
        self.hash = hash
    }
}
