import Dispatch
import GuardianCore
import Synchronization

/// A payload that is not signed yet. The next payload contains its hash and not its signature, so that many can be
/// signed in parallel.
struct UnsignedEntry: Sendable {
    let content: JournalContent
    let payload: [UInt8]
    let hash: Hash256

    /// - Throws: `invalidArgument` when the payload is too long.
    init(_ content: JournalContent) throws {
        let payload = content.payload()
        guard payload.count <= JournalLimits.payload else {
            throw GuardianError(
                .invalidArgument,
                "A journal entry would have \(payload.count) bytes; at most \(JournalLimits.payload) are allowed.")
        }
        self.content = content
        self.payload = payload
        hash = .sha256(of: payload)
    }

    /// Signs all entries, many of them on all cores: a signature takes longer than storing the entry. Blocks.
    static func sign(_ entries: [UnsignedEntry], with key: DeviceKey) throws -> [JournalEntry] {
        let batchSize = 8
        guard entries.count > batchSize else { return try entries.map { try $0.signed(with: key) } }
        let batches = (entries.count + batchSize - 1) / batchSize
        let results = Mutex<[Int: Result<[JournalEntry], any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: batches) { batch in
            let range = batch * batchSize..<min((batch + 1) * batchSize, entries.count)
            let result = Result { try entries[range].map { try $0.signed(with: key) } }
            results.withLock { $0[batch] = result }
        }
        let done = results.withLock { $0 }
        return try (0..<batches).flatMap { try done[$0]?.get() ?? [] }
    }

    private func signed(with key: DeviceKey) throws -> JournalEntry {
        JournalEntry(
            chain: content.chain, sequence: content.sequence, payload: payload,
            signature: try key.signature(of: payload, domain: .journal))
    }
}
