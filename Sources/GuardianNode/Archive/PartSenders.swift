import GuardianCore
import Synchronization

/// A device that sends a part. Streams of different devices never replace each other, whatever part they name.
struct PartSender: Hashable, Sendable {
    var name: PartName
    var device: Hash256
}

extension StoredPart {
    var sender: PartSender { PartSender(name: name, device: device) }
}

/// Which stream sends which part, and when bytes of each part last arrived. Uses the monotonic clock, so that setting
/// the system's clock does not end parts.
final class PartSenders: Sendable {
    private struct Stream {
        var number: Int
        var activeAt: ContinuousClock.Instant
    }

    private let monotonic: any MonotonicClock
    private let senders = Mutex<[PartSender: Stream]>([:])

    init(monotonic: any MonotonicClock) { self.monotonic = monotonic }

    /// Makes a new stream of a device the one that sends a part; for the previous stream, `isCurrent` is `false` from now
    /// on.
    ///
    /// - Returns: the stream's number.
    func register(_ sender: PartSender) -> Int {
        senders.withLock { senders in
            let number = (senders[sender]?.number ?? 0) + 1
            senders[sender] = Stream(number: number, activeAt: monotonic.now())
            return number
        }
    }

    /// Returns whether the stream with this number is still the sender of the part.
    func isCurrent(_ number: Int, of sender: PartSender) -> Bool {
        senders.withLock { $0[sender]?.number == number }
    }

    func noteActivity(of sender: PartSender) {
        senders.withLock { $0[sender]?.activeAt = monotonic.now() }
    }

    /// Returns how long nothing of a part has arrived. For a part without a stream since the node's start, time counts
    /// from the first call.
    func idleTime(of sender: PartSender) -> Duration {
        senders.withLock { senders in
            guard let stream = senders[sender] else {
                senders[sender] = Stream(number: 0, activeAt: monotonic.now())
                return .zero
            }
            return monotonic.elapsed(since: stream.activeAt)
        }
    }

    func forget(_ sender: PartSender) { senders.withLock { _ = $0.removeValue(forKey: sender) } }
}
