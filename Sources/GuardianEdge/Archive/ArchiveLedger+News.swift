import GuardianCore
import GuardianJournal

extension ArchiveLedger {
    /// However little happens, the table is looked at again: what was refused may be tried again after a while.
    private static let look: Duration = .seconds(5)

    /// Returns when somebody wants something new, when something that was under way is done, or at a time.
    ///
    /// - Parameters:
    ///   - seen: `wants` when the table was read.
    ///   - done: rises when something is done; it was `finished` when the table was read.
    ///   - time: when something may begin that had to wait.
    /// - Throws: `CancellationError`.
    func news(
        after seen: Int64, or done: Watermark, after finished: Int64, until time: Timestamp? = nil
    ) async throws {
        let wait = time.map { Duration.milliseconds(max(1, $0 - clock.now() + 1)) } ?? Self.look
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await wants.wait(beyond: seen) }
            group.addTask { try await done.wait(beyond: finished, atMost: min(wait, Self.look)) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
