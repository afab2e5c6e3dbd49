import GuardianCore

/// What is wrong with a source's timestamps.
public enum TimestampFault: String, Sendable, Hashable {
    /// Its clock stands still or runs at a wrong rate: frames are dated by their arrival.
    case rate
    /// Single frames have times that are far off: they are dated like their neighbours.
    case strays
}

/// Normalises a source's timestamps: fills in missing ones, keeps decoding times strictly increasing, continues the
/// timeline after jumps, and keeps it with the arrival of the packets. Pure.
package struct TimestampMender {
    package struct Mended: Equatable {
        package var pts: Ticks
        package var dts: Ticks
        package var duration: Ticks
        package var discontinuity: Bool
        package var missingBefore: Int
    }

    private struct Previous {
        var dts: Ticks
        /// By the source; with reordered frames the largest so far.
        var raw: Ticks
        /// The source's decoding time, or the derived one.
        var decoded: Ticks
        var isShown: Bool
        var arrival: Ticks
    }

    /// How the source's times were read before they went wrong.
    private struct Reading {
        var offset: Ticks
        var order: DecodingOrder
        var at: Ticks
        /// Whether a time was ahead or back, and not late.
        var isJump: Bool
    }

    /// In a source that is not paced, a forward step longer than this is a jump, unless about as much time passed between
    /// the arrivals.
    private static let longestStep = Ticks.seconds(10)
    /// In the burst at a connection's beginning, a forward step longer than this is a jump.
    private static let longestBurstStep = Ticks.seconds(2)
    /// A backward step shorter than this can be reordering; a longer one is a jump …
    private static let longestReorder = Ticks.seconds(1)
    /// … unless it is one of at most so many frames and the stream has reordered frames.
    private static let mostReordered = 9
    /// After a jump, decoding times go on at least so much later.
    private static let shortestStep = Ticks.seconds(0.01)
    /// How long the reading before a jump stays the one that is tried first.
    private static let trial = Ticks.seconds(10)
    /// Single wrong times that are no news.
    private static let fewStrays = 3

    /// A clock that was not believed is again when it was right for so long, up to this difference.
    private static let proving = Ticks.seconds(300)
    private static let proven = Ticks.seconds(0.3)
    /// Most frames that one can be shown after it was decoded.
    private static let mostAhead = 16

    /// Added to the source's timestamps.
    private var offset: Ticks
    private var order: DecodingOrder
    private var last: Previous?
    private var interval: FrameInterval
    /// Intervals by the source itself, however wrong its clock is.
    private var rawInterval: FrameInterval
    /// `nil` when the source is not paced by a camera.
    private var pace: ArrivalPace?
    private var even: EvenTimes?
    /// Where the source's clock began to be compared with the arrival, since it is not believed.
    private var proof: (decoded: Ticks, arrival: Ticks)?
    private var before: Reading?
    private var strays = 0
    /// The next packet begins a new pass over the same source and follows the last one without a gap.
    private var splices = false

    /// - Parameters:
    ///   - offset: the timeline's time at the source's time 0.
    ///   - frameDuration: of one frame by the source, or 0.
    ///   - reorder: the reorder depth of the stream's parameter sets.
    ///   - isPaced: whether packets arrive as they are made, as from a camera, so that the timeline must follow their arrival.
    package init(offset: Ticks = 0, frameDuration: Ticks = 0, reorder: Int = 0, isPaced: Bool = true) {
        self.offset = offset
        order = DecodingOrder(depth: reorder)
        interval = FrameInterval(initial: frameDuration)
        rawInterval = FrameInterval(initial: frameDuration)
        pace = isPaced ? ArrivalPace(depth: order.depth) : nil
    }

    /// What is wrong with the source's times, if it is more than chance.
    package var fault: TimestampFault? {
        pace?.isDistrusted == true ? .rate : strays >= Self.fewStrays ? .strays : nil
    }

    /// Continues the timeline with the next packet, at which the source starts again from its beginning.
    package mutating func splice() { splices = true }

    /// Returns the normalised times of the next packet.
    ///
    /// - Parameter arrival: by a monotonic clock.
    package mutating func mend(pts: Ticks?, dts: Ticks?, duration: Ticks, arrival: Ticks) -> Mended {
        let typical = interval.typical
        guard let previous = last else {
            let raw = dts ?? pts ?? 0
            let decoded = decodingTime(dts: dts, pts: pts ?? raw)
            let first = Mended(
                pts: (pts ?? raw) + offset, dts: decoded + offset,
                duration: duration > 0 ? duration : typical, discontinuity: false, missingBefore: 0)
            pace?.note(first.dts, arrival: arrival)
            last = Previous(dts: first.dts, raw: raw, decoded: decoded, isShown: dts == nil, arrival: arrival)
            return clamped(first)
        }
        let raw = dts ?? pts ?? previous.raw + typical
        if pace?.isDistrusted == true { return byArrival(raw: raw, pts: pts, dts: dts, arrival: arrival, previous) }
        var discontinuity = false
        let step = raw - previous.raw
        let isReordered = (dts == nil || previous.isShown) && step < 0 && -step < longestReorder(arrival, previous)
        if splices {
            splices = false
            offset = previous.dts + typical - raw
            order.reset()
        } else if isReordered {
            if dts == nil, order.learn(raw) { pace?.restart(depth: order.depth) }
        } else if isJump(raw, arrival, previous), !readAsBefore(raw, arrival) {
            resume(raw, isShown: dts == nil, arrival, previous)
            discontinuity = true
        }
        let decoded = decodingTime(dts: dts, pts: pts ?? raw)
        if pace?.isLate(decoded + offset, arrival: arrival) == true, let due = pace?.due(at: arrival) {
            remember(arrival, isJump: false)
            offset = due - decoded
            pace?.correct(at: arrival)
            discontinuity = true
        }
        let outDTS = max(previous.dts + 1, decoded + offset)
        let outStep = outDTS - previous.dts
        let missing = discontinuity ? 0 : interval.missing(in: outStep)
        if !discontinuity && !isReordered { interval.learn(outStep) }
        if !discontinuity, decoded > previous.decoded { rawInterval.learn(decoded - previous.decoded) }
        if !discontinuity { pace?.note(outDTS, arrival: arrival) }
        let mended = Mended(
            pts: (pts ?? raw) + offset, dts: outDTS, duration: self.duration(duration, isGuessed: dts == nil),
            discontinuity: discontinuity, missingBefore: missing)
        last = Previous(
            dts: outDTS, raw: isReordered && dts == nil ? max(raw, previous.raw) : raw, decoded: decoded,
            isShown: dts == nil, arrival: arrival)
        return clamped(mended)
    }

    /// Returns how far a reordered frame may step back.
    private func longestReorder(_ arrival: Ticks, _ previous: Previous) -> Ticks {
        guard order.depth > 0 else { return Self.longestReorder }
        let frame = max(interval.typical, min(arrival - previous.arrival, .seconds(1)))
        return max(Self.longestReorder, frame * Self.mostReordered)
    }

    /// Returns whether a time that is not a reordered frame's continues the timeline only after a jump.
    private func isJump(_ raw: Ticks, _ arrival: Ticks, _ previous: Previous) -> Bool {
        let step = raw - previous.raw
        let arrivalStep = arrival - previous.arrival
        if step < 0 { return true }
        guard let pace else { return step > Self.longestStep && step > arrivalStep * 2 }
        // Frames that are decoded early have times ahead of the others.
        let ahead = order.depth > 0 ? longestReorder(arrival, previous) : 0
        guard pace.isSettling(at: arrival) else {
            return raw + offset - pace.due(at: arrival) > ArrivalPace.tolerance + ahead
        }
        // A burst's packets arrive at once. If they come at leisure, it is none.
        let isBurst =
            arrivalStep < .seconds(0.03) || step <= max(arrivalStep * 4, .seconds(0.25))
        return step - arrivalStep > (isBurst ? Self.longestBurstStep : .zero) + ahead
    }

    /// Returns to the reading of times before the last jump if this time fits it: only single frames had wrong times, or the
    /// network was slow for a while.
    private mutating func readAsBefore(_ raw: Ticks, _ arrival: Ticks) -> Bool {
        guard let pace, let before else { return false }
        let early = raw + before.offset - pace.due(at: arrival)
        let ahead = before.order.depth > 0 ? ArrivalPace.tolerance * 2 : 0
        guard (-ArrivalPace.tolerance * 2...ArrivalPace.tolerance + ahead).contains(early) else { return false }
        (offset, order) = (before.offset, before.order)
        self.before = nil
        self.pace?.forgive()
        if before.isJump { strays += 1 }
        return true
    }

    private mutating func remember(_ arrival: Ticks, isJump: Bool) {
        if let before, arrival - before.at < Self.trial { return }
        before = Reading(offset: offset, order: order, at: arrival, isJump: isJump)
    }

    /// Continues the timeline with a time that does not fit: it is due when it arrives.
    private mutating func resume(_ raw: Ticks, isShown: Bool, _ arrival: Ticks, _ previous: Previous) {
        // Frames that a slow network kept back come all at once. They are late by the reading before it was slow.
        let catchesUp = before.map { !$0.isJump && raw + $0.offset <= pace?.due(at: arrival) ?? 0 } ?? false
        if !catchesUp { remember(arrival, isJump: true) }
        let typical = interval.typical
        let gap: Ticks
        if let pace {
            gap = max(Self.shortestStep, pace.due(at: arrival) - previous.dts)
        } else {
            gap = max(typical, min(arrival - previous.arrival, Self.longestStep))
        }
        order.reset()
        offset = previous.dts + gap - raw + (isShown ? max(1, typical) * order.depth : .zero)
        if !catchesUp { pace?.correct(at: arrival) }
    }

    /// Dates a packet by its arrival, because the source's clock was wrong too often. Only the order in which frames are shown
    /// is the source's.
    private mutating func byArrival(
        raw: Ticks, pts: Ticks?, dts: Ticks?, arrival: Ticks, _ previous: Previous
    ) -> Mended {
        let step = arrival - previous.arrival
        var even = self.even ?? EvenTimes(interval: max(1, step))
        let time = even.next(after: previous.dts, step: step, due: pace?.due(at: arrival) ?? previous.dts)
        self.even = even
        let decoded = decodingTime(dts: dts, pts: pts ?? raw)
        if decoded > previous.decoded { rawInterval.learn(decoded - previous.decoded) }
        prove(decoded, time, arrival)
        let ahead = min(
            max(0, Double(((pts ?? raw) - decoded).count) / Double(max(1, rawInterval.typical).count)),
            Double(Self.mostAhead))
        last = Previous(dts: time, raw: raw, decoded: decoded, isShown: dts == nil, arrival: arrival)
        return Mended(
            pts: time + Ticks(Int64(ahead * even.interval)), dts: time, duration: max(1, Ticks(Int64(even.interval))),
            discontinuity: false, missingBefore: 0)
    }

    /// Believes the source's clock again if it has run with the arrival for long enough: a network that became slower again and
    /// again looks like a slow clock.
    private mutating func prove(_ decoded: Ticks, _ time: Ticks, _ arrival: Ticks) {
        let start = proof ?? (decoded, arrival)
        proof = start
        guard arrival - start.arrival >= Self.proving else { return }
        proof = (decoded, arrival)
        guard (decoded - start.decoded - (arrival - start.arrival)).magnitude < Self.proven else { return }
        offset = time - decoded
        pace = ArrivalPace(depth: order.depth)
        (even, proof, before) = (nil, nil, nil)
    }

    /// Returns the source's decoding time, or the one that its presentation time tells.
    private mutating func decodingTime(dts: Ticks?, pts: Ticks) -> Ticks {
        dts ?? order.decodingTime(pts, interval: interval.typical)
    }

    /// Returns the source's duration, or the usual interval. Packets without decoding times come over RTP, where libav
    /// only guesses durations.
    private func duration(_ duration: Ticks, isGuessed: Bool) -> Ticks {
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
    private static let assumed: Ticks = 6_000
    private var steps: [Ticks] = []
    private var nextIndex = 0
    private let initial: Ticks

    init(initial: Ticks) { self.initial = initial > 0 ? initial : Self.assumed }

    var isLearned: Bool { steps.count >= 4 }

    /// The median of the last intervals.
    var typical: Ticks {
        guard isLearned else { return initial }
        // A file may have any step; packets without times add this one again and again.
        return min(steps.sorted()[steps.count / 2], Ticks(1 << 26))
    }

    mutating func learn(_ step: Ticks) {
        if steps.count < 16 {
            steps.append(step)
        } else {
            steps[nextIndex] = step
            nextIndex = (nextIndex + 1) % steps.count
        }
    }

    /// Returns how many frames are missing in a step; 0 when intervals vary too much to tell.
    func missing(in step: Ticks) -> Int {
        guard steps.count >= 16 else { return 0 }
        let sorted = steps.sorted()
        let typical = sorted[8]
        guard typical > 0, sorted[12] * 4 <= typical * 5, sorted[3] * 5 >= typical * 4 else { return 0 }
        let count = (Double(step.count) / Double(typical.count)).rounded() - 1
        return count >= 1 && step * 10 >= typical * 18 ? Int(min(count, 1_000_000)) : 0
    }
}
