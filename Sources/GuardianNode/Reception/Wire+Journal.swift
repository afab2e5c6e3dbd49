import Foundation
import GuardianCore
import GuardianJournal
import GuardianWire

extension Guardian_V1_PublishHello {
    /// - Throws: `invalidArgument` when a chain's head is invalid, or there are too many.
    package func heads() throws -> [ChainHead] {
        guard chains.count <= WireLimits.chains else {
            throw GuardianError(.invalidArgument, "A hello names at most \(WireLimits.chains) chains.")
        }
        return try chains.map { head in
            let hash = Hash256(bytes: head.hash)
            guard let chain = ChainID(head.chain), let sequence = Plausible.sequence.checked(head.sequence),
                (sequence == 0) == (hash == nil), hash != nil || head.hash.isEmpty
            else { throw GuardianError(.invalidArgument, "A chain in the hello cannot be read.") }
            return ChainHead(chain: chain, sequence: sequence, hash: hash)
        }
    }
}

extension Guardian_V1_ChainHead {
    init(_ head: ChainHead) {
        self.init()
        chain = head.chain.description
        sequence = UInt64(head.sequence)
        hash = Data(head.hash?.bytes ?? [])
    }
}

extension Guardian_V1_ChainHolding {
    init(_ holding: ChainHolding) {
        self.init()
        chain = holding.chain.description
        stored = UInt64(holding.stored)
        through = UInt64(holding.through)
    }
}

extension Guardian_V1_JournalEntries {
    /// - Throws: `invalidArgument` when a message exceeds a limit or an entry has no valid chain or sequence. All other
    ///   errors of a single entry are reported by its verdict.
    package func journalEntries() throws -> [JournalEntry] {
        guard entries.count <= WireLimits.entries else {
            throw GuardianError(.invalidArgument, "A message holds at most \(WireLimits.entries) entries.")
        }
        return try entries.map { entry in
            guard let chain = ChainID(entry.chain), let sequence = Plausible.sequence.checked(entry.sequence),
                sequence >= 1
            else {
                throw GuardianError(.invalidArgument, "An entry's chain or sequence cannot be read.")
            }
            return JournalEntry(
                chain: chain, sequence: sequence, payload: Array(entry.payload), signature: Array(entry.signature))
        }
    }
}

extension Guardian_V1_Answer {
    init(_ entry: JournalEntry, _ verdict: Verdict) {
        self.init()
        chain = entry.chain.description
        sequence = UInt64(entry.sequence)
        if case .refused(_, let reason) = verdict { refusal = reason.isEmpty ? "refused" : reason }
    }
}
