import GuardianCore
import GuardianMedia

/// The clip that a recorder is writing.
struct OpenClip {
    let id: ClipID
    let camera: CameraID
    let file: ClipFile
    let startedAt: Timestamp
    var missingPackets = 0
    /// Of the newest keyframe and the one before, in milliseconds of the stream.
    var keyframeAt: Int64
    var gop: Int64 = 0
    /// When it was last put on the disk.
    var syncedAt: Int64

    /// Milliseconds of the stream that are 0 in the clip.
    var start: Int64 { MediaTicks.milliseconds(file.origin) }

    func clip(_ state: Clip.State, summary: ClipFile.Summary? = nil) -> Clip {
        Clip(
            id: id, camera: camera, state: state, startedAt: startedAt, duration: summary?.duration ?? file.duration,
            size: summary?.size ?? file.size, sha256: summary?.sha256, contentType: file.contentType,
            missingPackets: missingPackets)
    }

    /// Whether the next clip must go on from this keyframe, so that none becomes longer than `maximum` milliseconds.
    func mustSplit(at keyframe: Int64, maximum: Int64) -> Bool {
        keyframe - start + max(gop, keyframe - keyframeAt) > maximum
    }
}

/// Which clips show what, in media time: what a recorder remembers of its clips.
struct ClipTimeline {
    struct Entry {
        var clip: ClipID
        /// Milliseconds of the stream.
        var start: Int64
        /// `nil` while it is recorded.
        var end: Int64?
    }

    /// Milliseconds of picture that a clip should have before its event.
    static let wantedPreRoll: Int64 = 2_000
    private static let memory = 1_024

    private var entries: [(number: Int, entry: Entry)] = []
    private var next = 0
    /// The number of the first clip that can show an event.
    private var firstOfEvent: [EventID: Int] = [:]
    private var order: [EventID] = []

    mutating func open(_ clip: ClipID, start: Int64) {
        entries.append((next, Entry(clip: clip, start: start)))
        next += 1
        if entries.count > Self.memory { entries.removeFirst() }
    }

    mutating func close(end: Int64) {
        guard let last = entries.indices.last, entries[last].entry.end == nil else { return }
        entries[last].entry.end = end
    }

    /// An event begins: the clip that is open, or the next one, is its first.
    mutating func begin(_ event: EventID) {
        guard firstOfEvent[event] == nil else { return }
        let isOpen = entries.last.map { $0.entry.end == nil } ?? false
        firstOfEvent[event] = isOpen ? next - 1 : next
        order.append(event)
        if order.count > Self.memory { firstOfEvent[order.removeFirst()] = nil }
    }

    /// The clips that show the event between two moments, oldest first.
    func spans(of event: EventID, from: Int64, to: Int64) -> [ClipSpan] {
        guard let first = firstOfEvent[event] else { return [] }
        var spans: [ClipSpan] = []
        for (number, entry) in entries where number >= first {
            let end = max(entry.end ?? to, entry.start)
            guard entry.start <= max(from, to), end >= from else { continue }
            let isFirst = spans.isEmpty
            spans.append(
                ClipSpan(
                    clip: entry.clip, from: max(0, from - entry.start), to: max(0, min(to, end) - entry.start),
                    preRollShort: isFirst && from - entry.start < Self.wantedPreRoll))
        }
        return spans
    }
}
