import GuardianCore

/// Corrects times in a file that leap ahead for a few packets and come back, which no real gap does. Pure.
///
/// A leap is held back until it is known whether the times come back. If they do, the packets between are spread over the time
/// that is really between; if they do not, the leap is a gap and stays.
package struct OutlierFilter<Item> {
    package struct Entry {
        package var item: Item
        package var pts: Ticks?
        package var dts: Ticks?

        package init(item: Item, pts: Ticks?, dts: Ticks?) {
            self.item = item
            self.pts = pts
            self.dts = dts
        }

        fileprivate var time: Ticks? { dts ?? pts }
    }

    /// A step up to this is no leap.
    private static var smallestLeap: Ticks { Ticks.seconds(10) }
    /// A leap of more packets is believed.
    private static var mostOutliers: Int { 16 }

    private var last: Ticks
    private var step: Ticks = 0
    private var held: [Entry] = []
    private var ready: [Entry] = []

    /// - Parameter start: the time before the first packet.
    package init(start: Ticks) { last = start }

    /// Adds the next packet in decoding order.
    package mutating func add(_ entry: Entry) {
        var entry = entry
        // No picture is shown that long after it is decoded.
        if let pts = entry.pts, let dts = entry.dts, (pts - dts).magnitude > Self.smallestLeap { entry.pts = dts }
        guard let time = entry.time else {
            held.isEmpty ? ready.append(entry) : held.append(entry)
            return
        }
        if !held.isEmpty {
            if (time - last).magnitude <= Self.smallestLeap {
                spread(until: time)
            } else {
                held.append(entry)
                if held.count > Self.mostOutliers { believe() }
                return
            }
        } else if time - last > max(Self.smallestLeap, step * 20) {
            held.append(entry)
            return
        }
        pass(entry, time)
    }

    /// Adds the end: what leapt ahead just before it is not believed when it is one packet or two.
    package mutating func finish() {
        if held.count <= 2, step > 0 { spread(until: last + step * (held.count + 1)) } else { believe() }
    }

    /// Returns the next packet with its corrected times; `nil` when more packets are needed.
    package mutating func next() -> Entry? { ready.isEmpty ? nil : ready.removeFirst() }

    private mutating func pass(_ entry: Entry, _ time: Ticks) {
        step = max(0, time - last)
        last = time
        ready.append(entry)
    }

    private mutating func spread(until end: Ticks) {
        let share = max(0, end - last) / (held.count + 1)
        for (index, entry) in held.enumerated() {
            var entry = entry
            let time = last + share * (index + 1)
            entry.pts = entry.pts.map { time + max(0, $0 - (entry.dts ?? $0)) }
            entry.dts = entry.dts.map { _ in time }
            ready.append(entry)
        }
        held = []
    }

    private mutating func believe() {
        for entry in held {
            if let time = entry.time { pass(entry, time) } else { ready.append(entry) }
        }
        held = []
    }
}
