import CLibAV
import Dispatch
import GuardianCore
import Synchronization

/// Ends a source's blocking calls from another thread, or after a timeout.
public final class Interruption: Sendable {
    private let isInterrupted = Atomic<Bool>(false)
    /// Nanoseconds of the uptime clock; 0 is never.
    private let deadline = Atomic<UInt64>(0)
    private let wakeUp = DispatchSemaphore(value: 0)

    public init() {}

    /// Makes the current call and all later ones fail with `cancelled`.
    public func interrupt() {
        isInterrupted.store(true, ordering: .releasing)
        wakeUp.signal()
    }

    /// Whether `interrupt` was called.
    public var wasInterrupted: Bool { isInterrupted.load(ordering: .acquiring) }

    /// Sets the timeout of the next call in seconds; `nil` removes it.
    func allow(_ seconds: Double?) {
        let due = seconds.map { DispatchTime.now().uptimeNanoseconds + UInt64($0 * 1_000_000_000) }
        deadline.store(due ?? 0, ordering: .releasing)
    }

    /// Whether the current call must end.
    var isDue: Bool {
        if wasInterrupted { return true }
        let due = deadline.load(ordering: .acquiring)
        return due != 0 && DispatchTime.now().uptimeNanoseconds > due
    }

    /// Blocks until `instant` or until `interrupt` is called.
    public func wait(until instant: ContinuousClock.Instant) {
        let (seconds, attoseconds) = (instant - .now).components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        guard nanoseconds > 0, !wasInterrupted else { return }
        if wakeUp.wait(timeout: .now() + .nanoseconds(Int(min(nanoseconds, 3_600_000_000_000)))) == .success {
            wakeUp.signal()
        }
    }

    /// Returns the error of a libav call that failed with `code`: a cancellation, a timeout or libav's own reason.
    func error(_ code: Int32, _ doing: String) -> GuardianError {
        if wasInterrupted { return GuardianError(.cancelled, "\(doing) was interrupted.") }
        if isDue || code == guardian_av_exit() || code == guardian_av_error(ETIMEDOUT) {
            return GuardianError(.deadlineExceeded, "\(doing) failed: no answer in time.")
        }
        return .libav(code, doing)
    }
}
