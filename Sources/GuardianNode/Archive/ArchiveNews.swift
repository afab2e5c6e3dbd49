import GuardianJournal

/// Tells those who wait that there is something for the store, and that parts were stored or refused. Each counts on its
/// own: a wait never misses what came before.
final class ArchiveNews: Sendable {
    let due = Watermark(0)
    let settled = Watermark(0)

    func partIsDue() { due.increment() }
    func partWasSettled() { settled.increment() }
}
