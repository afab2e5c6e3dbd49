import GuardianCore
import Synchronization

/// Who sends which part now, and when each part last brought something: by the node's own steady clock, so that no clock
/// that is set moves the end of a part.
final class PartPresence: Sendable {
    private struct Sender {
        var number: Int
        var heardAt: ContinuousClock.Instant
    }

    private let senders = Mutex<[PartName: Sender]>([:])

    /// A stream takes a part over; the one before it is told by `isCurrent`.
    func enter(_ name: PartName) -> Int {
        senders.withLock { senders in
            let number = (senders[name]?.number ?? 0) + 1
            senders[name] = Sender(number: number, heardAt: .now)
            return number
        }
    }

    /// Whether the stream that got `number` still has the part.
    func isCurrent(_ number: Int, of name: PartName) -> Bool {
        senders.withLock { $0[name]?.number == number }
    }

    func hear(_ name: PartName) {
        senders.withLock { $0[name]?.heardAt = .now }
    }

    /// How long nothing came of a part. One that nobody has sent since the node began counts from now.
    func silence(of name: PartName) -> Duration {
        senders.withLock { senders in
            guard let sender = senders[name] else {
                senders[name] = Sender(number: 0, heardAt: .now)
                return .zero
            }
            return sender.heardAt.duration(to: .now)
        }
    }

    func forget(_ name: PartName) { senders.withLock { _ = $0.removeValue(forKey: name) } }
}
