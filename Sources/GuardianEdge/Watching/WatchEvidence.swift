import GuardianCore

/// What shows that one camera is being analysed: its looks. It starts at unknown, and a camera whose packets arrive
/// without being looked at is lost.
package struct WatchEvidence: Sendable {
    /// How long a camera may send packets without a look, beyond the time between its keyframes; also how long a watch
    /// may take to begin.
    package static let silence: Duration = .seconds(10)

    package struct Loss: Sendable, Hashable {
        package var reason: String
        /// The last look; before the first one, the start of the watch or of the stream.
        package var since: Timestamp
    }

    private let began: Occurrence
    package private(set) var lastLook: Occurrence?
    package private(set) var loss: Loss?
    /// Why the last attempt failed, since the last look.
    package private(set) var failure: String?
    /// The camera's usual time between keyframes: a quiet camera is looked at that often.
    package var keyframeInterval = Duration.zero

    package init(began: Occurrence) { self.began = began }

    /// Returns whether packets have been arriving for too long without a look. While none arrive, the camera is lost, and
    /// not its watch.
    ///
    /// - Parameter attempt: counts from then at the earliest.
    package func isSilent(_ arrivals: PacketArrivals?, since attempt: ContinuousClock.Instant? = nil) -> Bool {
        guard let arrivals else { return false }
        let last = max(lastLook?.instant ?? began.instant, arrivals.first.instant)
        let interval = min(max(.zero, keyframeInterval), PacketSelection.longestQuietGOP)
        return max(last, attempt ?? last).duration(to: arrivals.last.instant) >= Self.silence + interval
    }

    /// Adds a look.
    ///
    /// - Returns: whether it ends a loss, or is the first one.
    package mutating func look(at moment: Occurrence) -> Bool {
        defer { (lastLook, loss, failure) = (moment, nil, nil) }
        return lastLook == nil || loss != nil
    }

    /// Adds a failure of the watch, and returns the loss that begins with it, if one does. While nothing is known yet it
    /// does not: the service may be starting.
    package mutating func fail(
        _ reason: String, at now: ContinuousClock.Instant, _ arrivals: PacketArrivals?
    ) -> Loss? {
        failure = reason
        guard loss == nil, lastLook != nil || began.instant.duration(to: now) >= Self.silence else { return nil }
        loss = Loss(reason: reason, since: lossStart(arrivals))
        return loss
    }

    package func lossStart(_ arrivals: PacketArrivals?) -> Timestamp {
        let last = lastLook ?? began
        guard let first = arrivals?.first, first.instant > last.instant else { return last.time }
        return first.time
    }
}
