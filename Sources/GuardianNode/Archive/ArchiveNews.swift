import GuardianJournal

/// Tells those who wait that parts were sealed or stored. Each counts on its own: a wait never misses what came before.
final class ArchiveNews: Sendable {
    let sealed = Watermark(0)
    let settled = Watermark(0)

    func partWasSealed() { sealed.increment() }
    func partWasSettled() { settled.increment() }
}
