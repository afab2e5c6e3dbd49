import GuardianJournal
import GuardianOperations

/// Wakes tasks that wait for the archive: `due` when there are parts to ship, `settled` when parts were stored or
/// refused, `returned` when a place that was away is back. All are counters, so that a wait never misses an earlier signal.
final class ArchiveSignals: Sendable {
    let due = Watermark(0)
    let settled = Watermark(0)
    let returned = Watermark(0)

    func partIsDue() { due.increment() }
    func partWasSettled() { settled.increment() }
}
