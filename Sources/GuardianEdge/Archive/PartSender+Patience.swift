import GuardianCore
import GuardianJournal
import GuardianOperations

extension PartSender {
    /// Runs `body` again with growing delays for as long as the connection fails. A delay ends early when the node is
    /// reachable again.
    ///
    /// - Parameter onFirstFailure: called with the first of several failures in a row.
    /// - Throws: `CancellationError`; `notFound`, `dataLoss` and `UnreadableFile`, which concern the data and not the connection.
    func retrying(
        _ settings: ArchiveSettings, onFirstFailure: (GuardianError) -> Void,
        _ body: (LinkTimeouts) async throws -> Settlement
    ) async throws -> Settlement {
        let backoff = urgency == .live ? settings.liveBackoff : settings.backoff
        var failures = 0
        while true {
            let (began, hints) = (monotonic.now(), connection.retryHints.value)
            do { return try await body(settings.timeouts.after(failures: failures)) } catch {
                try Task.checkCancellation()
                if let unreadable = error as? UnreadableFile { throw unreadable }
                let failure = settings.node.failure(error)
                if failure.code == .notFound || failure.code == .dataLoss { throw failure }
                // A stream that lasted longer than a minute resets the count.
                failures = monotonic.elapsed(since: began) > .seconds(60) ? 1 : failures + 1
                if failures == 1 { onFirstFailure(failure) }
                try await connection.retryHints.wait(
                    beyond: hints, atMost: backoff.delay(after: failures), monotonic: monotonic)
            }
        }
    }
}
