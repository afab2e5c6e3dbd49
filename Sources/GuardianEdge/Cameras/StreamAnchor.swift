import GuardianCore

/// Relates a stream's media time to UTC: tells when a frame was captured.
///
/// It goes by way of the edge's monotonic clock, which nobody sets: media time to monotonic time separately for each
/// connection, and monotonic time to UTC separately for each setting of the wall clock.
public struct StreamAnchor: Sendable, Hashable {
    /// From media time `start` on, a stretch of time begins `zero` milliseconds after another one.
    private struct Span: Sendable, Hashable {
        var start: MediaTime
        var zero: Double
    }

    /// What the wall clock was set to, if more packets say so.
    private struct Suspect: Sendable, Hashable {
        var start: MediaTime
        var offset: Double
        var count = 1
    }

    /// Most connections, and most settings of the wall clock, that are kept.
    private static let capacity = 64
    /// Milliseconds after a connection's first packet during which its estimate may jump: cameras send the first frames in a
    /// burst, and no event was dated by it yet.
    private static let settling: Int64 = 1_500
    /// Milliseconds between two corrections, and the most by which one may shift an estimate.
    private static let window: Int64 = 10_000
    private static let step = 10.0
    /// The camera's clock is used if it differs from the estimate by a value in this range, in milliseconds.
    private static let plausible = -2_000.0...100.0
    /// The wall clock was set if it differs from the estimate by more than this many milliseconds …
    private static let setting = 500.0
    /// … in this many packets one after the other. A single one may only have waited between the readings of both clocks.
    private static let confirmations = 3

    /// Monotonic milliseconds of media time 0, for each connection.
    private var spans: [Span] = []
    /// UTC milliseconds of monotonic time 0, for each setting of the wall clock.
    private var walls: [Span] = []
    private var began: Int64 = 0
    private var windowStart: Int64 = 0
    private var best: Double?
    private var bestWall: Double?
    private var suspect: Suspect?

    public init() {}

    /// Begins a new connection with its first packet.
    ///
    /// - Parameter elapsed: milliseconds of the monotonic clock at the packet's arrival.
    /// - Returns: by how many milliseconds the wall clock was set since the last connection; `nil` when it was not.
    @discardableResult
    package mutating func begin(mediaTime: MediaTime, arrival: Timestamp, elapsed: Int64) -> Int64? {
        spans.append(Span(start: mediaTime, zero: Double(elapsed - mediaTime.milliseconds)))
        if spans.count > Self.capacity { spans.removeFirst() }
        (began, windowStart, best, bestWall, suspect) = (elapsed, elapsed, nil, nil, nil)
        let offset = Double(arrival.milliseconds - elapsed)
        guard let known = walls.last?.zero else {
            walls = [Span(start: mediaTime, zero: offset)]
            return nil
        }
        return abs(offset - known) > Self.setting ? set(to: offset, from: mediaTime) : nil
    }

    /// Updates the estimates with a packet. The packet with the shortest transit time gives the best estimate.
    ///
    /// - Parameters:
    ///   - elapsed: milliseconds of the monotonic clock at the packet's arrival.
    ///   - zeroTime: media time 0 by the camera's clock, if the camera sends it.
    /// - Returns: by how many milliseconds the wall clock was set, once that is certain; else `nil`.
    @discardableResult
    package mutating func update(
        mediaTime: MediaTime, arrival: Timestamp, elapsed: Int64, zeroTime: Timestamp?
    ) -> Int64? {
        guard let span = spans.last, let wall = walls.last else { return nil }
        let offset = Double(arrival.milliseconds - elapsed)
        if abs(offset - wall.zero) > Self.setting {
            if let step = suspect(offset, mediaTime) { return step }
        } else {
            suspect = nil
            bestWall = min(bestWall ?? offset, offset)
        }
        let estimate = Double(elapsed - mediaTime.milliseconds)
        if elapsed - began < Self.settling {
            spans[spans.count - 1].zero = min(span.zero, estimate)
            if let bestWall { walls[walls.count - 1].zero = min(wall.zero, bestWall) }
            windowStart = elapsed
            return nil
        }
        best = min(best ?? estimate, estimate)
        guard elapsed - windowStart >= Self.window, let best else { return nil }
        var target = best
        if let zeroTime, Self.plausible.contains(Double(zeroTime.milliseconds) - best - wall.zero) {
            target = Double(zeroTime.milliseconds) - wall.zero
        }
        spans[spans.count - 1].zero += Self.bounded(target - span.zero)
        if let bestWall { walls[walls.count - 1].zero += Self.bounded(bestWall - wall.zero) }
        (windowStart, self.best, bestWall) = (elapsed, nil, nil)
        return nil
    }

    /// Notes a packet by which the wall clock was set. Returns the step when enough packets agree.
    private mutating func suspect(_ offset: Double, _ mediaTime: MediaTime) -> Int64? {
        if let suspect, abs(suspect.offset - offset) <= Self.setting {
            self.suspect?.count += 1
        } else {
            suspect = Suspect(start: mediaTime, offset: offset)
        }
        guard let suspect, suspect.count >= Self.confirmations else { return nil }
        return set(to: suspect.offset, from: suspect.start)
    }

    private mutating func set(to offset: Double, from mediaTime: MediaTime) -> Int64 {
        defer {
            walls.append(Span(start: mediaTime, zero: offset))
            if walls.count > Self.capacity { walls.removeFirst() }
            (suspect, bestWall) = (nil, nil)
        }
        return Int64((offset - (walls.last?.zero ?? offset)).rounded())
    }

    private static func bounded(_ correction: Double) -> Double { min(max(correction, -step), step) }

    private static func zero(at time: MediaTime, in spans: [Span]) -> Double {
        (spans.last { $0.start <= time } ?? spans.first)?.zero ?? 0
    }

    /// Returns when the frame with this media time was captured, by the wall clock of that moment.
    public func timestamp(ofMediaTime time: MediaTime) -> Timestamp {
        Timestamp(milliseconds: Int64((elapsed(at: time) + Self.zero(at: time, in: walls)).rounded()))
    }

    /// Returns the media time of a moment, by the newest connection and the newest setting of the wall clock.
    public func mediaTime(of moment: Timestamp) -> MediaTime {
        let milliseconds = Double(moment.milliseconds) - (walls.last?.zero ?? 0) - (spans.last?.zero ?? 0)
        return MediaTime(milliseconds: Int64(milliseconds.rounded()))
    }

    /// Returns the media time at which this stream shows what `other` shows at `time`. It does not depend on the wall
    /// clock. Both anchors must be of the same session.
    package func mediaTime(of time: MediaTime, in other: StreamAnchor) -> MediaTime {
        MediaTime(milliseconds: Int64((other.elapsed(at: time) - (spans.last?.zero ?? 0)).rounded()))
    }

    /// Monotonic milliseconds of a media time.
    private func elapsed(at time: MediaTime) -> Double { Double(time.milliseconds) + Self.zero(at: time, in: spans) }

    /// Whether no packet has arrived yet.
    public var isEmpty: Bool { spans.isEmpty }
}
