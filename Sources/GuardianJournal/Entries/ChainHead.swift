import GuardianCore

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
