import GuardianCore

/// The newest clips that this process has created, so that reconciliation leaves them alone: their recorder closes them. A clip
/// whose recorder could not close it is left to reconciliation.
struct CreatedClips {
    /// More clips than are open at the same time or wait for their entries in the journal.
    private static let capacity = 10_000

    private var order: [ClipID] = []
    private var clips: Set<ClipID> = []
    /// How many were left to reconciliation so far.
    private(set) var abandoned = 0

    func contains(_ clip: ClipID) -> Bool { clips.contains(clip) }

    mutating func insert(_ clip: ClipID) {
        guard clips.insert(clip).inserted else { return }
        order.append(clip)
        guard order.count > 2 * Self.capacity else { return }
        clips.subtract(order.prefix(Self.capacity))
        order.removeFirst(Self.capacity)
    }

    mutating func abandon(_ clip: ClipID) {
        clips.remove(clip)
        abandoned += 1
    }
}
