import GuardianJournal
import Synchronization

/// Entries of one connection that were sent and not answered yet.
final class UnansweredEntries: Sendable {
    struct Key: Hashable {
        let chain: String
        let sequence: Int64
    }

    private struct Sent {
        let item: OutboxItem
        let at: ContinuousClock.Instant
    }

    private struct State {
        var sent: [Key: Sent] = [:]
        var positions: Set<Int64> = []
    }

    private let state = Mutex(State())

    var positions: Set<Int64> { state.withLock { $0.positions } }
    var count: Int { state.withLock { $0.positions.count } }

    /// When the oldest unanswered entry was sent.
    var oldest: ContinuousClock.Instant? { state.withLock { $0.sent.values.map(\.at).min() } }

    func add(_ items: [OutboxItem], at time: ContinuousClock.Instant) {
        state.withLock { state in
            for item in items {
                let key = Key(chain: item.entry.chain.description, sequence: item.entry.sequence)
                state.sent[key] = Sent(item: item, at: time)
                state.positions.insert(item.position)
            }
        }
    }

    /// Takes the entry that an answer names; `nil` if it is unknown. Its position stays until `release`, so that the entry is
    /// not sent again before its row leaves the outbox.
    func takeAnswered(_ key: Key) -> (item: OutboxItem, sentAt: ContinuousClock.Instant)? {
        state.withLock { state in state.sent.removeValue(forKey: key).map { ($0.item, $0.at) } }
    }

    func release(_ items: [OutboxItem]) {
        state.withLock { state in for item in items { state.positions.remove(item.position) } }
    }
}
