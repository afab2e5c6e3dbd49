/// Normalises a source's timestamps: fills in missing ones, keeps decoding times strictly increasing, and continues the
/// timeline after jumps. Pure; all times in ticks of 1/90,000 s.
package struct TimestampMender {
    package struct Mended: Equatable {
        package var pts: Int64
        package var dts: Int64
        package var duration: Int64
        package var discontinuity: Bool
        package var missingBefore: Int
    }

    /// A forward step longer than this is a jump, unless about as much time passed between the arrivals.
    private static let longestStep = 10 * MediaTicks.perSecond
    /// A backward step shorter than this can be reordering; a longer one is a jump.
    private static let longestReorder = MediaTicks.perSecond
    private static let deepestReorder = 4

    /// Added to the source's timestamps.
    private var offset: Int64
    /// Reorder depth: how many frames may be decoded before one that is shown earlier.
    private var reorder: Int
    private var recent: [Int64] = []
    private var last: (dts: Int64, raw: Int64, isShown: Bool, arrival: Int64)?
    private var interval: FrameInterval
    /// The next packet begins a new pass over the same source and follows the last one without a gap.
    private var splices = false

    /// - Parameters:
    ///   - offset: the timeline's time at the source's time 0.
    ///   - frameDuration: ticks of one frame by the source, or 0.
    ///   - reorder: the reorder depth of the stream's parameter sets.
    package init(offset: Int64 = 0, frameDuration: Int64 = 0, reorder: Int = 0) {
        self.offset = offset
        self.reorder = min(max(0, reorder), Self.deepestReorder)
        interval = FrameInterval(initial: frameDuration)
    }

    /// Continues the timeline with the next packet, at which the source starts again from its beginning.
    package mutating func splice() { splices = true }

    /// Returns the normalised times of the next packet.
    ///
    /// - Parameter arrival: ticks of a monotonic clock.
    package mutating func mend(pts: Int64?, dts: Int64?, duration: Int64, arrival: Int64) -> Mended {
        let typical = interval.typical
        guard let previous = last else {
            let raw = dts ?? pts ?? 0
            let first = Mended(
                pts: (pts ?? raw) + offset, dts: derive(dts: dts, pts: pts ?? raw) + offset,
                duration: duration > 0 ? duration : typical, discontinuity: false, missingBefore: 0)
            last = (first.dts, raw, dts == nil, arrival)
            return clamped(first)
        }
        let raw = dts ?? pts ?? previous.raw + typical
        var discontinuity = false
        let step = raw - previous.raw
        let isReordered = (dts == nil || previous.isShown) && step < 0 && -step < Self.longestReorder
        if splices {
            splices = false
            offset = previous.dts + typical - raw
            recent = []
        } else if isReordered {
            if dts == nil { reorder = min(max(reorder, recent.count { $0 > raw }, 1), Self.deepestReorder) }
        } else if step < 0 || (step > Self.longestStep && step > 2 * (arrival - previous.arrival)) {
            let gap = max(typical, min(arrival - previous.arrival, Self.longestStep))
            offset = previous.dts + gap - raw
            recent = []
            discontinuity = true
        }
        let derived = derive(dts: dts, pts: pts ?? raw) + offset
        let outDTS = max(previous.dts + 1, derived)
        let outStep = outDTS - previous.dts
        let missing = discontinuity ? 0 : interval.missing(in: outStep)
        if !discontinuity && !isReordered { interval.learn(outStep) }
        let mended = Mended(
            pts: (pts ?? raw) + offset, dts: outDTS, duration: self.duration(duration, isGuessed: dts == nil),
            discontinuity: discontinuity, missingBefore: missing)
        last = (outDTS, isReordered && dts == nil ? max(raw, previous.raw) : raw, dts == nil, arrival)
        return clamped(mended)
    }

    /// Returns the decoding time. When the source has none, it is the earliest of the
    /// last `reorder + 1` presentation times.
    private mutating func derive(dts: Int64?, pts: Int64) -> Int64 {
        if let dts { return dts }
        if reorder > 0, recent.isEmpty {
            // Before the first frame: assume presentation times at the usual interval.
            recent = (1...reorder).map { pts - Int64($0) * max(1, interval.typical) }
        }
        recent.append(pts)
        if recent.count > Self.deepestReorder + 1 { recent.removeFirst() }
        return recent.sorted().suffix(reorder + 1).first ?? pts
    }

    /// Returns the source's duration, or the usual interval. Packets without decoding times come over RTP, where libav
    /// only guesses durations.
    private func duration(_ duration: Int64, isGuessed: Bool) -> Int64 {
        duration > 0 && !(isGuessed && interval.isLearned) ? duration : interval.typical
    }

    /// Raises the presentation time to the decoding time: muxers reject an earlier one.
    private func clamped(_ mended: Mended) -> Mended {
        var copy = mended
        copy.pts = max(copy.pts, copy.dts)
        return copy
    }
}

/// The usual interval between frames, learned from the last 16.
struct FrameInterval {
    /// 15 frames per second, until something is known.
    private static let assumed: Int64 = 6_000
    private var steps: [Int64] = []
    private var nextIndex = 0
    private let initial: Int64

    init(initial: Int64) { self.initial = initial > 0 ? initial : Self.assumed }

    var isLearned: Bool { steps.count >= 4 }

    /// The median of the last intervals.
    var typical: Int64 {
        guard isLearned else { return initial }
        // A file may have any step; packets without times add this one again and again.
        return min(steps.sorted()[steps.count / 2], 1 << 26)
    }

    mutating func learn(_ step: Int64) {
        if steps.count < 16 {
            steps.append(step)
        } else {
            steps[nextIndex] = step
            nextIndex = (nextIndex + 1) % steps.count
        }
    }

    /// Returns how many frames are missing in a step; 0 when intervals vary too much to tell.
    func missing(in step: Int64) -> Int {
        guard steps.count >= 16 else { return 0 }
        let sorted = steps.sorted()
        let typical = sorted[8]
        guard typical > 0, sorted[12] * 4 <= typical * 5, sorted[3] * 5 >= typical * 4 else { return 0 }
        let count = (Double(step) / Double(typical)).rounded() - 1
        return count >= 1 && step * 10 >= typical * 18 ? Int(min(count, 1_000_000)) : 0
    }
}
