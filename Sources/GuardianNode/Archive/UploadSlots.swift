import GuardianOperations
import Synchronization

/// Which parts are under way to the store now, and which have failed and wait.
final class UploadSlots: Sendable {
    private struct State {
        var busy: Set<Int64> = []
        /// What was brought last: as long as a part is the same, there is nothing more of it for the store.
        var brought: [Int64: Load] = [:]
        var failures: [Int64: (count: Int, until: ContinuousClock.Instant)] = [:]
        var pausedUntil: ContinuousClock.Instant?
        var isCleaning = false
        var isCleaningWanted = false
        var cleanAgain: ContinuousClock.Instant?
    }

    private struct Load: Equatable {
        var size: Int64
        var state: StoredPart.State
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Whether the part may go now.
    func enter(_ part: StoredPart) -> Bool {
        let row = part.row
        return state.withLock { state in
            guard state.busy.count < limit, !state.busy.contains(row),
                state.brought[row] != Load(size: part.size, state: part.state),
                state.failures[row].map({ $0.until <= .now }) ?? true
            else { return false }
            state.busy.insert(row)
            return true
        }
    }

    func leave(_ part: StoredPart, isStored: Bool) {
        state.withLock { state in
            state.busy.remove(part.row)
            state.failures[part.row] = nil
            state.brought[part.row] = isStored ? nil : Load(size: part.size, state: part.state)
        }
    }

    func leave(_ row: Int64, failed backoff: Backoff) {
        state.withLock { state in
            state.busy.remove(row)
            state.brought[row] = nil
            let count = (state.failures[row]?.count ?? 0) + 1
            state.failures[row] = (count, ContinuousClock.now.advanced(by: backoff.delay(after: count)))
        }
    }

    /// Whether what was given up may be aborted now: by one at a time, and not at once again where it failed.
    func enterCleaning() -> Bool {
        state.withLock { state in
            guard !state.isCleaning else {
                state.isCleaningWanted = true
                return false
            }
            guard state.cleanAgain.map({ $0 <= .now }) ?? true else { return false }
            state.isCleaning = true
            return true
        }
    }

    /// - Returns: whether somebody wanted it meanwhile.
    func leaveCleaning(isDone: Bool) -> Bool {
        state.withLock { state in
            defer { state.isCleaningWanted = false }
            state.isCleaning = false
            state.cleanAgain = isDone ? nil : .now.advanced(by: .seconds(60))
            return state.isCleaningWanted
        }
    }

    func pause(for time: Duration) {
        state.withLock { $0.pausedUntil = .now.advanced(by: time) }
    }

    /// When the next of those that failed may be tried again.
    var next: ContinuousClock.Instant? {
        state.withLock { state in
            defer { state.pausedUntil = nil }
            let waiting = state.failures.filter { !state.busy.contains($0.key) }.map(\.value.until)
            return (waiting + (state.pausedUntil.map { [$0] } ?? [])).min()
        }
    }
}
