import GuardianCore

/// Compares a stream's timeline with the arrival of its packets by the monotonic clock.
///
/// Packets may be late: networks stall, and then deliver everything at once. They are never early, except in the burst
/// with which cameras begin a connection. So the shortest time that a packet took tells where the timeline belongs.
struct ArrivalPace {
    /// How long after the first packet a burst may last.
    private static let settling = Ticks.seconds(1.5)
    /// How much earlier than due a packet may be.
    static let tolerance = Ticks.seconds(0.6)
    /// How much later than due packets may be for long.
    private static let longestDelay = Ticks.seconds(0.75)
    /// A delay that grows by less than this from one packet to the next is not a stalled network.
    private static let gradual = Ticks.seconds(0.3)
    /// How long packets may be late after the network stalled: while they catch up, and when they do not.
    private static let patience = Ticks.seconds(3)
    private static let shortPatience = Ticks.seconds(1)
    private static let leastCatchUp = Ticks.seconds(0.1)
    /// The pace follows the camera's quartz by at most a millisecond a second.
    private static let window = Ticks.seconds(10)
    private static let windowStep = Ticks.seconds(0.01)
    /// After so many corrections in so much time the camera's clock is not believed any more.
    private static let mostCorrections = 3
    private static let correctionSpan = Ticks.seconds(600)

    private var began: Ticks?
    /// Packets whose decoding times are still guesses.
    private var skipped: Int
    private var lead: Ticks = 0
    private var windowStart: Ticks = 0
    private var windowLead: Ticks?
    private var late: (since: Ticks, delay: Ticks)?
    private var lastDelay: Ticks = 0
    private var corrections: [Ticks] = []
    /// Whether the camera's clock has been wrong too often.
    private(set) var isDistrusted = false

    /// - Parameter depth: the stream's reorder depth.
    init(depth: Int) { skipped = depth }

    /// Begins anew, because decoding times are derived with another depth from now on.
    mutating func restart(depth: Int) {
        (began, skipped, late, windowLead) = (nil, depth, nil, nil)
    }

    func isSettling(at arrival: Ticks) -> Bool { began.map { arrival - $0 < Self.settling } ?? true }

    /// The time on the stream's timeline that is due at `arrival`.
    func due(at arrival: Ticks) -> Ticks { arrival + lead }

    /// Notes a packet that keeps its time.
    mutating func note(_ time: Ticks, arrival: Ticks) {
        guard let began, skipped == 0 else {
            (began, lead, windowStart) = (arrival, time - arrival, arrival)
            skipped = max(0, skipped - 1)
            return
        }
        if arrival - began < Self.settling {
            lead = max(lead, time - arrival)
            windowStart = arrival
            return
        }
        windowLead = max(windowLead ?? time - arrival, time - arrival)
        guard arrival - windowStart >= Self.window, let windowLead else { return }
        lead += min(max(windowLead - lead, -Self.windowStep), Self.windowStep)
        (windowStart, self.windowLead) = (arrival, nil)
    }

    /// Returns whether packets are late for so long that it is not the network: the camera's clock is slow, or it paused
    /// without counting.
    mutating func isLate(_ time: Ticks, arrival: Ticks) -> Bool {
        guard began != nil, skipped == 0 else { return false }
        let delay = due(at: arrival) - time
        let growth = delay - lastDelay
        lastDelay = delay
        guard delay > Self.longestDelay else {
            late = nil
            return false
        }
        guard let late else {
            late = (arrival, delay)
            return growth <= Self.gradual
        }
        let catchesUp = delay < late.delay - Self.leastCatchUp
        return arrival - late.since > (catchesUp ? Self.patience : Self.shortPatience)
    }

    /// Notes that the timeline was put right.
    mutating func correct(at arrival: Ticks) {
        (late, lastDelay) = (nil, 0)
        guard !isSettling(at: arrival) else { return }
        corrections = corrections.filter { arrival - $0 < Self.correctionSpan } + [arrival]
        isDistrusted = corrections.count >= Self.mostCorrections
    }

    /// Notes that the last correction was not needed: the camera's times were right before and are again.
    mutating func forgive() {
        _ = corrections.popLast()
        (late, lastDelay) = (nil, 0)
    }
}

/// Times by arrival alone, made even.
struct EvenTimes {
    /// How far the even times may be off before they start again.
    private static let tolerance = Ticks.seconds(0.5)
    private static let longestStep = Ticks.seconds(10)
    /// The shortest step, a millisecond: media times in milliseconds tell frames apart.
    private static let shortestStep = Ticks.seconds(0.001)

    /// In ticks.
    private(set) var interval: Double

    init(interval: Ticks) { self.interval = Double(interval.count) }

    /// Returns the next time.
    ///
    /// - Parameters:
    ///   - step: from the previous packet's arrival to this one's.
    ///   - due: the time by this packet's arrival alone.
    mutating func next(after previous: Ticks, step: Ticks, due: Ticks) -> Ticks {
        interval += (Double(min(max(0, step), Self.longestStep).count) - interval) / 16
        let predicted = previous + Ticks(Int64(interval))
        let error = due - predicted
        let time = error.magnitude > Self.tolerance ? due : predicted + error / 8
        return max(previous + Self.shortestStep, time)
    }
}
