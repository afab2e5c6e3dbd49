import GuardianCore
import Synchronization

/// Which stream sends which part, and when bytes of each part last arrived. Uses the monotonic clock, so that setting
/// the system's clock does not end parts.
final class PartSenders: Sendable {
    private struct Sender {
        var number: Int
        var activeAt: ContinuousClock.Instant
    }

    private let monotonic: any MonotonicClock
    private let senders = Mutex<[PartName: Sender]>([:])

    init(monotonic: any MonotonicClock) { self.monotonic = monotonic }

    /// Makes a new stream the sender of a part; for the previous stream, `isCurrent` is `false` from now on.
    ///
    /// - Returns: the stream's number.
    func register(_ name: PartName) -> Int {
        senders.withLock { senders in
            let number = (senders[name]?.number ?? 0) + 1
            senders[name] = Sender(number: number, activeAt: monotonic.now())
            return number
        }
    }

    /// Returns whether the stream with this number is still the sender of the part.
    func isCurrent(_ number: Int, of name: PartName) -> Bool {
        senders.withLock { $0[name]?.number == number }
    }

    func noteActivity(of name: PartName) {
        senders.withLock { $0[name]?.activeAt = monotonic.now() }
    }

    /// Returns how long nothing of a part has arrived. For a part without a stream since the node's start, time counts
    /// from the first call.
    func idleTime(of name: PartName) -> Duration {
        senders.withLock { senders in
            guard let sender = senders[name] else {
                senders[name] = Sender(number: 0, activeAt: monotonic.now())
                return .zero
            }
            return monotonic.elapsed(since: sender.activeAt)
        }
    }

    func forget(_ name: PartName) { senders.withLock { _ = $0.removeValue(forKey: name) } }
}
