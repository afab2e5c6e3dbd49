import GuardianCore
import Synchronization

/// Our clock, corrected by the server's. The server refuses a request whose time differs by more than 15 minutes, and
/// the clock of a machine without a battery can be wrong by more.
package final class ServerTime: Sendable {
    private let clock: any WallClock
    /// Milliseconds that the server's clock is ahead of ours.
    private let offset = Mutex<Int64>(0)
    /// Milliseconds; far below the 15 minutes, far above what a request takes.
    private static let tolerance: Int64 = 120_000

    package init(clock: any WallClock) { self.clock = clock }

    package func now() -> Timestamp { clock.now() + offset.withLock { $0 } }

    /// Corrects the clock by a response's `Date` header.
    ///
    /// - Parameter signedAt: the time in the request. It may be wrong although the clock is right now: of several requests
    ///   under way, another one may have corrected it.
    /// - Returns: whether the request's time was so wrong that it should be sent again.
    package func correct(by date: String?, signedAt: Timestamp) -> Bool {
        guard let date, let theirs = Timestamp(httpDate: date), abs(theirs - signedAt) > Self.tolerance else {
            return false
        }
        let ours = clock.now()
        offset.withLock { $0 = theirs - ours }
        return true
    }
}
