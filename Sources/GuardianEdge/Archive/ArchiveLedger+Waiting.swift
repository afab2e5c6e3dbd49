import GuardianCore
import GuardianJournal
import GuardianOperations

extension ArchiveLedger {
    /// The table is read again at least this often: a refused clip may be due for its next attempt.
    private static let interval: Duration = .seconds(5)

    /// Waits until something is added to the ledger, work in progress is done, `time` is reached, or five seconds have passed.
    ///
    /// - Parameters:
    ///   - seen: value of `additions` when the table was read.
    ///   - done: rises when work in progress is done; its value was `finished` when the table was read.
    ///   - time: when the next delayed clip may begin.
    /// - Throws: `CancellationError`.
    func waitForWork(
        after seen: Int64, or done: Watermark, after finished: Int64, until time: Timestamp? = nil,
        monotonic: any MonotonicClock = SystemMonotonicClock()
    ) async throws {
        let wait = time.map { Duration.milliseconds(max(1, $0 - clock.now() + 1)) } ?? Self.interval
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await additions.wait(beyond: seen) }
            group.addTask {
                try await done.wait(beyond: finished, atMost: min(wait, Self.interval), monotonic: monotonic)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
