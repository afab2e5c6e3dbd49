import GuardianCore
import Synchronization

/// What this process has learned about cameras: which of them libav alone cannot keep.
final class RTSPHabits: Sendable {
    static let known = RTSPHabits()

    private static let limit = 256
    /// The longest session time-out that is looked for, in seconds; RFC 2326 has 60 s where none is given.
    private static let longestSession = 150.0

    private struct Habit {
        var needsRelay = false
        /// How long the last connection lasted that the camera ended, in seconds.
        var lasted: Double?
    }

    private let habits = Mutex<[RTSPAddress.Endpoint: Habit]>([:])

    /// Whether to connect through a relay from the beginning.
    func needsRelay(_ camera: RTSPAddress.Endpoint) -> Bool {
        habits.withLock { $0[camera]?.needsRelay ?? false }
    }

    func noteNeedsRelay(_ camera: RTSPAddress.Endpoint) { change(camera) { $0.needsRelay = true } }

    /// Notes that the camera ended a connection. Two that lasted equally long are those of a session that it does not see
    /// kept alive.
    func noteEnd(of camera: RTSPAddress.Endpoint, after seconds: Double) {
        change(camera) { habit in
            if let lasted = habit.lasted, (3...Self.longestSession).contains(seconds),
                abs(lasted - seconds) <= max(1.5, 0.1 * seconds)
            {
                habit.needsRelay = true
            }
            habit.lasted = seconds
        }
    }

    private func change(_ camera: RTSPAddress.Endpoint, _ body: (inout Habit) -> Void) {
        habits.withLock { habits in
            if habits[camera] == nil, habits.count >= Self.limit { habits.removeAll() }
            body(&habits[camera, default: Habit()])
        }
    }
}
