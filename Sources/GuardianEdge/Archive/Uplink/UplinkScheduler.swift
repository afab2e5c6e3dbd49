/// Decides which stream of the uplink sends next. Live streams go first and share the uplink equally by bytes. Backlog
/// streams send only while no live stream waits or has unacknowledged bytes, so that they never delay live video.
package struct UplinkScheduler: Sendable {
    package enum Urgency: String, Sendable, Hashable, CaseIterable {
        /// The clip is being recorded.
        case live
        /// The clip is complete.
        case backlog
    }

    package enum Answer: Sendable, Hashable {
        /// The stream may send now.
        case go
        /// The stream must ask again after this time; `nil`: after another stream has sent.
        case wait(Duration?)
    }

    private struct Stream {
        var urgency: Urgency
        /// Bytes that it sent, counted from `level` when it entered.
        var served: Int
        /// Bytes that it waits to send; `nil` when it does not wait.
        var requested: Int?
        /// Whether it has unacknowledged bytes.
        var isUnderWay = false
    }

    private var streams: [Int: Stream] = [:]
    private var bucket = TokenBucket()
    private var last = 0
    /// `served` of the stream that sent last. New streams start there, so that they get no share for the time before them.
    private var level: [Urgency: Int] = [:]
    /// How many bytes a stream that was idle may be behind `level`.
    private static let maximumLag = 256 << 10

    package init() {}

    /// Adds a stream and returns its number.
    package mutating func enter(_ urgency: Urgency) -> Int {
        last += 1
        streams[last] = Stream(urgency: urgency, served: level[urgency] ?? 0)
        return last
    }

    package mutating func leave(_ id: Int) { streams[id] = nil }

    /// Notes whether a stream has unacknowledged bytes.
    ///
    /// - Returns: whether that changed.
    package mutating func set(_ id: Int, underWay: Bool) -> Bool {
        guard let stream = streams[id], stream.isUnderWay != underWay else { return false }
        streams[id]?.isUnderWay = underWay
        return true
    }

    /// Withdraws a stream's request to send.
    package mutating func withdraw(_ id: Int) { streams[id]?.requested = nil }

    package var hasWaitingStreams: Bool { streams.values.contains { $0.requested != nil } }

    /// Requests a turn to send `bytes`.
    package mutating func ask(
        _ id: Int, for bytes: Int, within allowance: UplinkAllowance, at now: ContinuousClock.Instant
    ) -> Answer {
        guard let asking = streams[id] else { return .go }
        streams[id]?.served = max(asking.served, (level[asking.urgency] ?? 0) - Self.maximumLag)
        streams[id]?.requested = bytes
        bucket.fill(to: allowance.limit, at: now)
        guard next(within: allowance) == id else { return .wait(nil) }
        if let wait = bucket.take(bytes) { return .wait(wait) }
        let served = streams[id]?.served ?? 0
        level[asking.urgency] = served
        streams[id]?.served = served + bytes
        streams[id]?.requested = nil
        return .go
    }

    private func next(within allowance: UplinkAllowance) -> Int? {
        func waiting(_ urgency: Urgency) -> Int? {
            streams.filter { $0.value.urgency == urgency && $0.value.requested != nil }
                .min { ($0.value.served, $0.key) < ($1.value.served, $1.key) }?.key
        }
        if let live = waiting(.live) { return live }
        let isLiveUnderWay = streams.values.contains { $0.urgency == .live && $0.isUnderWay }
        return isLiveUnderWay || !allowance.allowsBacklog ? nil : waiting(.backlog)
    }
}
