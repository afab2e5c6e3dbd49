import GuardianCore

/// A moment by both clocks: durations are measured from `instant`; `time` is shown to people and written down.
package struct Occurrence: Sendable, Hashable {
    package var instant: ContinuousClock.Instant
    package var time: Timestamp

    package init(instant: ContinuousClock.Instant, time: Timestamp) {
        self.instant = instant
        self.time = time
    }
}

/// When the packets of a stream's newest connection arrived.
package struct PacketArrivals: Sendable, Hashable {
    package var first: Occurrence
    package var last: Occurrence
    package var lastKeyframe: Occurrence

    /// The arrivals after the first packet, which is a keyframe.
    package init(first: Occurrence) {
        self.first = first
        last = first
        lastKeyframe = first
    }

    package mutating func add(_ arrival: Occurrence, isKeyframe: Bool) {
        last = arrival
        if isKeyframe { lastKeyframe = arrival }
    }
}
