import GuardianConfiguration
import GuardianCore

/// The media times of a recorder's newest clips: tells which clips show an event.
package struct ClipTimeline {
    private struct Entry {
        var clip: ClipID
        /// Media time.
        var start: MediaTime
        /// `nil` while it is recorded.
        var end: MediaTime?
    }

    /// Pre-roll below which `ClipSpan.preRollShort` is set.
    private static let minimumPreRoll = Duration.seconds(RecordingLimits.preRoll.range.lowerBound)
    private static let capacity = 1_024

    private var entries: [(number: Int, entry: Entry)] = []
    private var next = 0
    /// The number of the first clip that can show an event.
    private var firstOfEvent: [EventID: Int] = [:]
    private var order: [EventID] = []

    package init() {}

    package mutating func open(_ clip: ClipID, start: MediaTime) {
        entries.append((next, Entry(clip: clip, start: start)))
        next += 1
        if entries.count > Self.capacity { entries.removeFirst() }
    }

    /// Ends the open clip; without one nothing changes, as when a clip ends that shows no event and was not opened here.
    package mutating func close(end: MediaTime) {
        guard let last = entries.indices.last, entries[last].entry.end == nil else { return }
        entries[last].entry.end = end
    }

    /// Notes that an event begins: its first clip is the open one, or else the next one.
    package mutating func begin(_ event: EventID) {
        guard firstOfEvent[event] == nil else { return }
        let isOpen = entries.last.map { $0.entry.end == nil } ?? false
        firstOfEvent[event] = isOpen ? next - 1 : next
        order.append(event)
        if order.count > Self.capacity { firstOfEvent[order.removeFirst()] = nil }
    }

    /// Returns the clips that show the event between two media times, oldest first.
    ///
    /// If the camera is lost, an event may be recognised just after its clip was closed. Then that clip is returned.
    package func spans(of event: EventID, from: MediaTime, to: MediaTime) -> [ClipSpan] {
        guard let first = firstOfEvent[event] else { return [] }
        let spans = spans(in: first..<next, from: from, to: to)
        return spans.isEmpty ? self.spans(in: first - 1..<first, from: from, to: to) : spans
    }

    private func spans(in numbers: Range<Int>, from: MediaTime, to: MediaTime) -> [ClipSpan] {
        var spans: [ClipSpan] = []
        for (number, entry) in entries where numbers.contains(number) {
            let end = max(entry.end ?? to, entry.start)
            guard entry.start <= max(from, to), end >= from else { continue }
            let isFirst = spans.isEmpty
            spans.append(
                ClipSpan(
                    clip: entry.clip, from: max(.zero, from - entry.start).milliseconds,
                    to: max(.zero, min(to, end) - entry.start).milliseconds,
                    preRollShort: isFirst && from - entry.start < Self.minimumPreRoll))
        }
        return spans
    }
}
