import GuardianCore
import GuardianJournal

extension JournalContent {
    /// Why no recorder writes such numbers; `nil` when one may. What passes can be shown, added and compared.
    ///
    /// The check is the node's own and at the intake only: entries that are stored already stay readable.
    var absurdity: String? {
        let (times, spans, sizes) = numbers
        if let time = times.first(where: { !$0.isPlausible }) {
            return "The time \(time.milliseconds) is before 1970 or after 9999."
        }
        if let span = spans.first(where: { !Self.spans.contains($0) }) {
            return "\(span) ms are longer than any event or clip."
        }
        return sizes.first { $0 > Self.largest }.map { "\($0) bytes or packets are more than any clip has." }
    }

    /// A hundred years in milliseconds.
    private static let spans: ClosedRange<Int64> = -3_155_760_000_000...3_155_760_000_000
    /// A pebibyte: thousands of them can be added.
    private static let largest: Int64 = 1 << 50

    private var numbers: (times: [Timestamp], spans: [Int64], sizes: [Int64]) {
        switch body {
        case .eventOpened(let event, _), .eventUpdated(let event), .eventClosed(let event):
            return (
                [at, event.startedAt, event.endedAt] + (event.snapshot.map { [$0.at] } ?? []),
                event.path.map(\.offset) + event.clips.flatMap { [$0.from, $0.to] }, []
            )
        case .clipOpened(let clip), .clipClosed(let clip):
            return ([at, clip.startedAt], [clip.duration], [clip.size, Int64(clip.missingPackets)])
        case .clipSealed(let sealed):
            return ([at], [], sealed.parts.flatMap { [$0.plaintextLength, $0.lastingLength] })
        case .coverage(let coverage): return ([at, coverage.at], [], [])
        case .eventKept, .tombstone, .chainBegun, .unknown: return ([at], [], [])
        }
    }
}
