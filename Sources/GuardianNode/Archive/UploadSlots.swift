import GuardianCore
import GuardianOperations
import Synchronization

/// The upload slots: which parts are being uploaded, and which failed and wait for a retry.
package final class UploadSlots: Sendable {
    private struct State {
        var busy: Set<Int64> = []
        /// What was uploaded last: while a part is unchanged, there is nothing more to upload.
        var uploaded: [Int64: Progress] = [:]
        var failures: [Int64: (count: Int, until: ContinuousClock.Instant)] = [:]
        var pausedUntil: ContinuousClock.Instant?
        var isCleaning = false
        var isCleaningRequested = false
        var nextCleaning: ContinuousClock.Instant?
    }

    private struct Progress: Equatable {
        var size: Int64
        var state: StoredPart.State
    }

    private let state = Mutex(State())
    private let limit: Int
    private let monotonic: any MonotonicClock

    package init(limit: Int, monotonic: any MonotonicClock = SystemMonotonicClock()) {
        self.limit = limit
        self.monotonic = monotonic
    }

    /// Acquires a slot for the part.
    ///
    /// - Returns: `false` when there is no free slot, or the part is not due.
    package func acquire(_ part: StoredPart) -> Bool {
        let (row, now) = (part.row, monotonic.now())
        return state.withLock { state in
            guard state.busy.count < limit, !state.busy.contains(row),
                state.uploaded[row] != Progress(size: part.size, state: part.state),
                state.failures[row].map({ $0.until <= now }) ?? true
            else { return false }
            state.busy.insert(row)
            return true
        }
    }

    /// Releases the slot of a part after a successful upload.
    package func release(_ part: StoredPart, isStored: Bool) {
        state.withLock { state in
            state.busy.remove(part.row)
            state.failures[part.row] = nil
            state.uploaded[part.row] = isStored ? nil : Progress(size: part.size, state: part.state)
        }
    }

    /// Releases the slot of a part whose upload failed; it is due again after a delay.
    ///
    /// - Returns: how often it has failed in a row.
    @discardableResult
    package func release(_ row: Int64, failed backoff: Backoff) -> Int {
        let now = monotonic.now()
        return state.withLock { state in
            state.busy.remove(row)
            state.uploaded[row] = nil
            let count = (state.failures[row]?.count ?? 0) + 1
            state.failures[row] = (count, now.advanced(by: backoff.delay(after: count)))
            return count
        }
    }

    /// Forgets the failures of a part that is not tried again.
    package func forget(_ row: Int64) { state.withLock { $0.failures[row] = nil } }

    /// Makes every failed part due now.
    package func retryAll() { state.withLock { $0.failures = [:] } }

    /// Returns whether abandoned uploads may be aborted now: by one task at a time, and not within a minute of a
    /// failure.
    package func beginCleaning() -> Bool {
        let now = monotonic.now()
        return state.withLock { state in
            guard !state.isCleaning else {
                state.isCleaningRequested = true
                return false
            }
            guard state.nextCleaning.map({ $0 <= now }) ?? true else { return false }
            state.isCleaning = true
            return true
        }
    }

    /// - Returns: whether cleaning was requested meanwhile.
    package func endCleaning(isDone: Bool) -> Bool {
        let now = monotonic.now()
        return state.withLock { state in
            defer { state.isCleaningRequested = false }
            state.isCleaning = false
            state.nextCleaning = isDone ? nil : now.advanced(by: .seconds(60))
            return state.isCleaningRequested
        }
    }

    /// Makes `nextRetry` due after `time`, whatever else is due: what is due could not be read.
    package func pause(for time: Duration) {
        let now = monotonic.now()
        state.withLock { $0.pausedUntil = now.advanced(by: time) }
    }

    /// Forgets what is remembered of parts that are neither due nor being uploaded: they were stored, refused or removed.
    package func keep(only due: Set<Int64>) {
        state.withLock { state in
            let kept = due.union(state.busy)
            state.failures = state.failures.filter { kept.contains($0.key) }
            state.uploaded = state.uploaded.filter { kept.contains($0.key) }
        }
    }

    /// When the next retry is due: of a failed part, of a failed cleaning, or at the end of the pause. While all slots are
    /// busy, no part is retried, and the next release wakes whoever waits. Reading it clears the pause.
    package var nextRetry: ContinuousClock.Instant? {
        state.withLock { state in
            defer { state.pausedUntil = nil }
            if let paused = state.pausedUntil { return paused }
            let failures = state.busy.count < limit ? state.failures.filter { !state.busy.contains($0.key) } : [:]
            let cleaning = state.isCleaning ? nil : state.nextCleaning
            return (failures.map(\.value.until) + [cleaning].compactMap(\.self)).min()
        }
    }
}
