import CLibAV
import Dispatch
import GuardianCore
import Synchronization

/// Ends blocking work of a source from another thread, or when its time is up.
public final class Interruption: Sendable {
    private let isInterrupted = Atomic<Bool>(false)
    /// Nanoseconds of the uptime clock; 0 is never.
    private let deadline = Atomic<UInt64>(0)
    private let bell = DispatchSemaphore(value: 0)

    public init() {}

    /// Makes the work that is going on, and all that would follow, fail with `cancelled`.
    public func interrupt() {
        isInterrupted.store(true, ordering: .releasing)
        bell.signal()
    }

    /// Whether `interrupt` was called.
    public var wasInterrupted: Bool { isInterrupted.load(ordering: .acquiring) }

    /// Gives the next call so many seconds; `nil` takes the limit away.
    func allow(_ seconds: Double?) {
        let due = seconds.map { DispatchTime.now().uptimeNanoseconds + UInt64($0 * 1_000_000_000) }
        deadline.store(due ?? 0, ordering: .releasing)
    }

    /// Whether the call that is going on must end.
    var isDue: Bool {
        if wasInterrupted { return true }
        let due = deadline.load(ordering: .acquiring)
        return due != 0 && DispatchTime.now().uptimeNanoseconds > due
    }

    /// Waits until `instant`, or until it is interrupted.
    public func wait(until instant: ContinuousClock.Instant) {
        let (seconds, attoseconds) = (instant - .now).components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        guard nanoseconds > 0, !wasInterrupted else { return }
        if bell.wait(timeout: .now() + .nanoseconds(Int(min(nanoseconds, 3_600_000_000_000)))) == .success {
            bell.signal()
        }
    }

    /// What a libav call that failed with `code` failed of, told apart from the limit that we set ourselves.
    func error(_ code: Int32, _ doing: String) -> GuardianError {
        if wasInterrupted { return GuardianError(.cancelled, "\(doing) was interrupted.") }
        if isDue || code == guardian_av_exit() || code == guardian_av_error(ETIMEDOUT) {
            return GuardianError(.deadlineExceeded, "\(doing) failed: no answer in time.")
        }
        return .libav(code, doing)
    }
}
