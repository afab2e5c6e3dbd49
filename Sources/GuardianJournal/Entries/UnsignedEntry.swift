import Dispatch
import GuardianCore
import Synchronization

/// A payload that was just written and is not signed yet. The next payload names its hash, not its signature, so that
/// many can be signed at once.
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
                "A journal entry would have \(payload.count) bytes; at most \(JournalLimits.payload) are taken.")
        }
        self.content = content
        self.payload = payload
        hash = .sha256(of: payload)
    }

    /// Signs them all, many on all cores; a signature costs more than storing the entry does. Blocks until it is done.
    static func sign(_ entries: [UnsignedEntry], with key: DeviceKey) throws -> [JournalEntry] {
        let share = 8
        guard entries.count > share else { return try entries.map { try $0.signed(with: key) } }
        let parts = (entries.count + share - 1) / share
        let results = Mutex<[Int: Result<[JournalEntry], any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = part * share..<min((part + 1) * share, entries.count)
            let result = Result { try entries[range].map { try $0.signed(with: key) } }
            results.withLock { $0[part] = result }
        }
        let done = results.withLock { $0 }
        return try (0..<parts).flatMap { try done[$0]?.get() ?? [] }
    }

    private func signed(with key: DeviceKey) throws -> JournalEntry {
        JournalEntry(
            chain: content.chain, sequence: content.sequence, payload: payload,
            signature: try key.signature(of: payload, domain: .journal))
    }
}
