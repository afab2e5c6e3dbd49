/// Makes a smooth timeline of the times that a source gives: fills in missing ones, keeps decoding times rising, and
/// carries on where they jump. Pure; all times in ticks of 1/90,000 s.
package struct TimestampMender {
    package struct Mended: Equatable {
        package var pts: Int64
        package var dts: Int64
        package var duration: Int64
        package var discontinuity: Bool
        package var missingBefore: Int
    }

    /// A jump is a step of more than this, forward, that the clock on the wall did not make too.
    private static let longestStep = 10 * MediaTicks.perSecond
    /// Pictures are shown out of order over less than this.
    private static let longestReorder = MediaTicks.perSecond
    private static let deepestReorder = 4

    /// Added to the source's times.
    private var offset: Int64
    /// How many pictures may be decoded before one that is shown earlier.
    private var reorder: Int
    private var recent: [Int64] = []
    private var last: (dts: Int64, raw: Int64, isShown: Bool, arrival: Int64)?
    private var rhythm: Rhythm
    /// The next packet opens a new pass over the same source: it follows the last one without a gap.
    private var splices = false

    /// - Parameters:
    ///   - offset: what the source's time 0 is on the timeline.
    ///   - frameDuration: ticks of one picture by what the source says, or 0.
    ///   - reorder: by the stream's parameter sets.
    package init(offset: Int64 = 0, frameDuration: Int64 = 0, reorder: Int = 0) {
        self.offset = offset
        self.reorder = min(max(0, reorder), Self.deepestReorder)
        rhythm = Rhythm(initial: frameDuration)
    }

    /// The source begins again from its start; its times go on from here.
    package mutating func splice() { splices = true }

    /// - Parameter arrival: ticks of a clock that nobody sets, since any moment.
    package mutating func mend(pts: Int64?, dts: Int64?, duration: Int64, arrival: Int64) -> Mended {
        let typical = rhythm.typical
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
        let missing = discontinuity ? 0 : rhythm.missing(in: outStep)
        if !discontinuity && !isReordered { rhythm.learn(outStep) }
        let mended = Mended(
            pts: (pts ?? raw) + offset, dts: outDTS, duration: length(duration, isGuessed: dts == nil),
            discontinuity: discontinuity, missingBefore: missing)
        last = (outDTS, isReordered && dts == nil ? max(raw, previous.raw) : raw, dts == nil, arrival)
        return clamped(mended)
    }

    /// The decoding time of a picture whose source tells only when it is shown: the earliest of the last
    /// `reorder + 1` presentation times.
    private mutating func derive(dts: Int64?, pts: Int64) -> Int64 {
        if let dts { return dts }
        if reorder > 0, recent.isEmpty {
            // Before the first picture there were none: pretend that they were shown one after the other.
            recent = (1...reorder).map { pts - Int64($0) * max(1, rhythm.typical) }
        }
        recent.append(pts)
        if recent.count > Self.deepestReorder + 1 { recent.removeFirst() }
        return recent.sorted().suffix(reorder + 1).first ?? pts
    }

    /// What comes without decoding times comes over RTP, where libav guesses at durations: the rhythm knows better.
    private func length(_ duration: Int64, isGuessed: Bool) -> Int64 {
        duration > 0 && !(isGuessed && rhythm.isLearnt) ? duration : rhythm.typical
    }

    /// A muxer takes no picture that is shown before it is decoded.
    private func clamped(_ mended: Mended) -> Mended {
        var copy = mended
        copy.pts = max(copy.pts, copy.dts)
        return copy
    }
}

/// The usual step between pictures, learnt from the last ones.
struct Rhythm {
    /// 15 pictures a second, until something is known.
    private static let assumed: Int64 = 6_000
    private var steps: [Int64] = []
    private var place = 0
    private let initial: Int64

    init(initial: Int64) { self.initial = initial > 0 ? initial : Self.assumed }

    var isLearnt: Bool { steps.count >= 4 }

    /// The median of the last steps.
    var typical: Int64 {
        guard isLearnt else { return initial }
        return steps.sorted()[steps.count / 2]
    }

    mutating func learn(_ step: Int64) {
        if steps.count < 16 {
            steps.append(step)
        } else {
            steps[place] = step
            place = (place + 1) % steps.count
        }
    }

    /// How many pictures a step leaves out; 0 where the rhythm is too loose to tell.
    func missing(in step: Int64) -> Int {
        guard steps.count >= 16 else { return 0 }
        let sorted = steps.sorted()
        let typical = sorted[8]
        guard typical > 0, sorted[12] * 4 <= typical * 5, sorted[3] * 5 >= typical * 4 else { return 0 }
        let count = (Double(step) / Double(typical)).rounded() - 1
        return count >= 1 && step * 10 >= typical * 18 ? Int(min(count, 1_000_000)) : 0
    }
}
