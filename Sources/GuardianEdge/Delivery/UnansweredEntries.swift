import GuardianJournal
import Synchronization

/// The entries that were sent and not answered yet, of one connection.
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

    /// When the entry that waits longest for its answer was sent.
    var oldest: ContinuousClock.Instant? { state.withLock { $0.sent.values.map(\.at).min() } }

    func depart(_ items: [OutboxItem], at time: ContinuousClock.Instant) {
        state.withLock { state in
            for item in items {
                let key = Key(chain: item.entry.chain.description, sequence: item.entry.sequence)
                state.sent[key] = Sent(item: item, at: time)
                state.positions.insert(item.position)
            }
        }
    }

    /// The entry that an answer is about, no longer waited for; its position stays taken until `land`, so that it is not
    /// sent again before its row is gone. `nil` for an answer that nobody waits for.
    func answer(_ key: Key) -> (item: OutboxItem, sentAt: ContinuousClock.Instant)? {
        state.withLock { state in state.sent.removeValue(forKey: key).map { ($0.item, $0.at) } }
    }

    func land(_ items: [OutboxItem]) {
        state.withLock { state in for item in items { state.positions.remove(item.position) } }
    }
}
