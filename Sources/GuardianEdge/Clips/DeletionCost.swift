import GuardianCore
import GuardianJournal

/// What a change of the settings deletes at once: a larger floor of the disk, or a shorter time.
package enum DeletionCost: Sendable, Hashable {
    case nothing
    /// The oldest clips. It is an estimate: recording goes on, and which clips go first is decided one by one.
    case clips(count: Int, bytes: Int64, newest: Timestamp, isCounted: Bool)
    /// The disk is away, so that its room is not known.
    case unknown

    /// Clips that are counted at most, and of one query.
    private static let (most, page) = (100_000, 1_000)

    /// Returns what keeping `floor` bytes free deletes.
    ///
    /// - Parameter free: bytes that are free now; `nil` while they are not known.
    /// - Throws: what reading the journal throws.
    static func of(floor: Int64, free: Int64?, in catalogue: Catalogue) async throws -> DeletionCost {
        guard let free else { return .unknown }
        let missing = floor - free
        guard missing > 0 else { return .nothing }
        return try await oldest(while: { $0 < missing }) {
            try await catalogue.oldestClips(limit: page, after: $0)
        }
    }

    /// Returns what deleting clips for their age deletes at once, if the clock is right.
    ///
    /// - Throws: what reading the journal throws.
    package static func of(
        _ limit: ClipAgeLimit, at now: Timestamp, in catalogue: Catalogue
    ) async throws -> DeletionCost {
        let times = limit.times(at: now)
        return try await oldest(while: { _ in true }) {
            try await catalogue.agedClips(before: times.others, limit: page, after: $0)
        }
    }

    /// Counts the oldest clips while `isMore` says so of the bytes so far.
    private static func oldest(
        while isMore: (Int64) -> Bool, _ next: (PageCursor?) async throws -> Page<Clip>
    ) async throws -> DeletionCost {
        var (count, bytes, newest) = (0, Int64(0), Timestamp?.none)
        var isCounted = false
        var cursor: PageCursor?
        repeat {
            let clips = try await next(cursor)
            for clip in clips.items {
                guard isMore(bytes) else {
                    isCounted = true
                    break
                }
                count += 1
                bytes += clip.size
                newest = clip.startedAt
            }
            cursor = clips.next
        } while !isCounted && cursor != nil && count < most
        guard let newest else { return .nothing }
        return .clips(count: count, bytes: bytes, newest: newest, isCounted: isCounted || cursor == nil)
    }

    /// What it costs, for a person who is to confirm it; `nil` when it costs nothing.
    package var question: String? {
        switch self {
        case .nothing: nil
        case .clips(let count, let bytes, let newest, let isCounted):
            "This deletes \(isCounted ? "about" : "more than") \(count) of the oldest clips at once "
                + "(\(max(1, bytes / 1_000_000)) MB, up to \(newest.rfc3339.prefix(10))), and they do not come back."
        case .unknown:
            "The clips' disk is away, so that it is not known how many clips this deletes once it is back. "
                + "They do not come back."
        }
    }
}

extension ClipStore {
    /// Returns what keeping `floor` bytes free deletes.
    ///
    /// - Throws: what reading the journal throws.
    package func cost(ofFloor floor: Int64, in catalogue: Catalogue) async throws -> DeletionCost {
        try await .of(floor: floor, free: isPlacePresent ? try? diskSpace().free : nil, in: catalogue)
    }
}
