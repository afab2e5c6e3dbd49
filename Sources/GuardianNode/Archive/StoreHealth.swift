import GuardianCore
import GuardianOperations
import Synchronization

/// Whether the archive's store takes what is sent to it. A single failure says little; that nothing has succeeded since one half
/// a minute ago is a problem that the owner is told.
package final class StoreHealth: Sendable {
    private static let patience = Duration.seconds(30)

    private struct Failure {
        /// When the first of the failures in a row was.
        let since: ContinuousClock.Instant
        /// Why the last one was, as a sentence.
        let reason: String
    }

    private let monotonic: any MonotonicClock
    private let failure = Mutex<Failure?>(nil)

    package init(monotonic: any MonotonicClock) { self.monotonic = monotonic }

    /// - Parameter reason: a sentence for a person.
    package func noteFailure(_ reason: String) {
        let now = monotonic.now()
        failure.withLock { failure in
            failure = Failure(since: failure?.since ?? now, reason: reason)
        }
    }

    /// Notes that the store took something, or that there is nothing for it.
    package func noteNoFailure() { failure.withLock { $0 = nil } }

    /// What the owner is told; `nil` when nothing is wrong.
    package var problem: String? {
        guard let failure = failure.withLock({ $0 }), monotonic.elapsed(since: failure.since) > Self.patience else {
            return nil
        }
        return
            "The archive's store takes nothing: \(failure.reason) Clips wait on the node's disk, and are sent again by themselves."
    }
}
