import GuardianCore
import GuardianVision

/// One line of the MOT Challenge format: one object in one frame.
public struct MOTLine: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public var frame: Int
    /// From 1, in the order of the events' start.
    public var track: Int
    /// Pixels.
    public var left: Double
    public var top: Double
    public var width: Double
    public var height: Double
    public var confidence: Double

    public init(
        frame: Int, track: Int, left: Double, top: Double, width: Double, height: Double, confidence: Double
    ) {
        self.frame = frame
        self.track = track
        self.left = left
        self.top = top
        self.width = width
        self.height = height
        self.confidence = confidence
    }

    public var description: String {
        let numbers = [left, top, width, height].map { Self.fixed($0, digits: 2) }
        return "\(frame),\(track),\(numbers.joined(separator: ",")),\(Self.fixed(confidence, digits: 3)),-1,-1,-1"
    }

    /// Formats with fixed digits, independent of the locale.
    private static func fixed(_ value: Double, digits: Int) -> String {
        let scale = digits == 2 ? 100 : 1000
        let whole = Int((value * Double(scale)).rounded())
        let fraction = String(abs(whole) % scale)
        return "\(whole < 0 ? "-" : "")\(abs(whole) / scale)."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

/// Collects the sightings of every track while a file is analysed.
struct TrackHistory {
    private struct Point {
        var time: MediaTime
        var box: Box
        var confidence: Double
    }

    private var points: [Int: [Point]] = [:]

    mutating func add(_ observation: Observation) {
        for track in observation.tracks where track.seen {
            points[track.track, default: []].append(
                Point(time: observation.mediaTime, box: track.box, confidence: track.confidence))
        }
    }

    /// Returns a line for every event's object in every frame from its first to its last sighting, interpolated
    /// linearly between sightings.
    ///
    /// - Parameter frames: the frames' times, ascending.
    func lines(frames: [MediaTime], events: [EventReport], width: Int, height: Int) -> [MOTLine] {
        var lines: [MOTLine] = []
        for (number, report) in events.enumerated() {
            let path = report.tracks.flatMap { points[$0] ?? [] }
                .filter { $0.time >= report.firstSight && $0.time <= report.lastSight }
                .sorted { $0.time < $1.time }
            var next = 0
            for (index, time) in frames.enumerated() {
                while next < path.count, path[next].time < time { next += 1 }
                guard next < path.count,
                    let point = Self.interpolate(next > 0 ? path[next - 1] : nil, path[next], at: time)
                else {
                    continue
                }
                lines.append(
                    MOTLine(
                        frame: index + 1, track: number + 1, left: point.box.x * Double(width),
                        top: point.box.y * Double(height), width: point.box.width * Double(width),
                        height: point.box.height * Double(height), confidence: point.confidence))
            }
        }
        return lines.sorted { ($0.frame, $0.track) < ($1.frame, $1.track) }
    }

    private static func interpolate(_ before: Point?, _ after: Point, at time: MediaTime) -> Point? {
        if after.time == time { return after }
        guard let before else { return nil }
        let fraction = (time - before.time) / (after.time - before.time)
        func mix(_ from: Double, _ to: Double) -> Double { from + (to - from) * fraction }
        return Point(
            time: time,
            box: Box(
                x: mix(before.box.x, after.box.x), y: mix(before.box.y, after.box.y),
                width: mix(before.box.width, after.box.width), height: mix(before.box.height, after.box.height)),
            confidence: mix(before.confidence, after.confidence))
    }
}
