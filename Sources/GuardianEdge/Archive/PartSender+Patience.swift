import GuardianCore
import GuardianJournal
import GuardianOperations

extension PartSender {
    /// Tries again, later each time, as long as it is the link that fails; sooner when somebody else reaches the node.
    ///
    /// - Parameter told: called with the first failure of a row.
    /// - Throws: `CancellationError`; `notFound` and `dataLoss`, which are about what is sent and not about the link.
    func patiently(
        _ settings: ArchiveSettings, told: (GuardianError) -> Void,
        _ body: (LinkPatience) async throws -> Settlement
    ) async throws -> Settlement {
        let backoff = urgency == .live ? settings.liveBackoff : settings.backoff
        var failures = 0
        while true {
            let (began, hints) = (ContinuousClock.now, connection.hints.value)
            do { return try await body(settings.patience.after(failures: failures)) } catch {
                try Task.checkCancellation()
                let failure = GuardianError.call(error, "The node \(settings.host):\(settings.port)")
                if failure.code == .notFound || failure.code == .dataLoss { throw failure }
                // One that held for a while was a good one.
                failures = began.duration(to: .now) > .seconds(60) ? 1 : failures + 1
                if failures == 1 { told(failure) }
                try await connection.hints.wait(beyond: hints, atMost: backoff.delay(after: failures))
            }
        }
    }
}
