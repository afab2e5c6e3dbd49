/// Whose turn it is on the line, among the streams of parts. What is being recorded goes first, several such streams
/// alike by bytes; older clips take what those leave over, and nothing while one of them is on its way.
package struct UplinkScheduler: Sendable {
    package enum Urgency: String, Sendable, Hashable, CaseIterable {
        /// Its clip is being recorded.
        case live
        case backlog
    }

    package enum Answer: Sendable, Hashable {
        case go
        /// Until somebody's credit is there again; `nil`: until another stream has gone.
        case wait(Duration?)
    }

    private struct Stream {
        var urgency: Urgency
        /// Bytes that it was given, from where the others were when it came.
        var served: Int
        var wants: Int?
        /// It waits for the node's word on what it sent.
        var isUnderWay = false
    }

    private var streams: [Int: Stream] = [:]
    private var bucket = TokenBucket()
    private var last = 0
    /// Served bytes of whoever went last: who comes later begins there, and has no claim to what others had before.
    private var level: [Urgency: Int] = [:]
    /// Bytes by which one that had nothing to send for a while may lag behind that.
    private static let claim = 256 << 10

    package init() {}

    package mutating func enter(_ urgency: Urgency) -> Int {
        last += 1
        streams[last] = Stream(urgency: urgency, served: level[urgency] ?? 0)
        return last
    }

    package mutating func leave(_ id: Int) { streams[id] = nil }

    /// - Returns: whether it changed.
    package mutating func set(_ id: Int, underWay: Bool) -> Bool {
        guard let stream = streams[id], stream.isUnderWay != underWay else { return false }
        streams[id]?.isUnderWay = underWay
        return true
    }

    package mutating func withdraw(_ id: Int) { streams[id]?.wants = nil }

    /// Whether anybody waits for a turn.
    package var isAnybodyWaiting: Bool { streams.values.contains { $0.wants != nil } }

    /// Asks for a turn to send so many bytes.
    package mutating func ask(
        _ id: Int, for bytes: Int, within allowance: UplinkAllowance, at now: ContinuousClock.Instant
    ) -> Answer {
        guard let asking = streams[id] else { return .go }
        streams[id]?.served = max(asking.served, (level[asking.urgency] ?? 0) - Self.claim)
        streams[id]?.wants = bytes
        bucket.fill(to: allowance.limit, at: now)
        guard next(within: allowance) == id else { return .wait(nil) }
        if let wait = bucket.take(bytes) { return .wait(wait) }
        let served = streams[id]?.served ?? 0
        level[asking.urgency] = served
        streams[id]?.served = served + bytes
        streams[id]?.wants = nil
        return .go
    }

    private func next(within allowance: UplinkAllowance) -> Int? {
        func waiting(_ urgency: Urgency) -> Int? {
            streams.filter { $0.value.urgency == urgency && $0.value.wants != nil }
                .min { ($0.value.served, $0.key) < ($1.value.served, $1.key) }?.key
        }
        if let live = waiting(.live) { return live }
        let isLineTaken = streams.values.contains { $0.urgency == .live && $0.isUnderWay }
        return isLineTaken || !allowance.takesBacklog ? nil : waiting(.backlog)
    }
}
