import GuardianCore
import GuardianVision

/// One line of the MOT Challenge format: one object in one frame.
public struct MOTLine: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public var frame: Int
    /// From 1, in the order in which the events began.
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
        let numbers = [left, top, width, height].map { Self.short($0, digits: 2) }
        return "\(frame),\(track),\(numbers.joined(separator: ",")),\(Self.short(confidence, digits: 3)),-1,-1,-1"
    }

    /// Fixed digits without a locale.
    private static func short(_ value: Double, digits: Int) -> String {
        let scale = digits == 2 ? 100 : 1000
        let whole = Int((value * Double(scale)).rounded())
        let fraction = String(abs(whole) % scale)
        return "\(whole < 0 ? "-" : "")\(abs(whole) / scale)."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

/// Where every track was seen, kept while a file is analysed.
struct TrackHistory {
    private struct Sight {
        var time: Int64
        var box: Box
        var confidence: Double
    }

    private var sights: [Int: [Sight]] = [:]

    mutating func add(_ observation: Observation) {
        for track in observation.tracks where track.seen {
            sights[track.track, default: []].append(
                Sight(time: observation.mediaTime, box: track.box, confidence: track.confidence))
        }
    }

    /// A line for every event's object in every frame from its first to its last sight: between two sights it went
    /// straight.
    ///
    /// - Parameter frames: the frames' times in milliseconds, rising.
    func lines(frames: [Int64], events: [EventReport], width: Int, height: Int) -> [MOTLine] {
        var lines: [MOTLine] = []
        for (number, report) in events.enumerated() {
            let way = report.tracks.flatMap { sights[$0] ?? [] }
                .filter { $0.time >= report.firstSight && $0.time <= report.lastSight }
                .sorted { $0.time < $1.time }
            var next = 0
            for (index, time) in frames.enumerated() {
                while next < way.count, way[next].time < time { next += 1 }
                guard next < way.count, let sight = Self.between(next > 0 ? way[next - 1] : nil, way[next], at: time)
                else {
                    continue
                }
                lines.append(
                    MOTLine(
                        frame: index + 1, track: number + 1, left: sight.box.x * Double(width),
                        top: sight.box.y * Double(height), width: sight.box.width * Double(width),
                        height: sight.box.height * Double(height), confidence: sight.confidence))
            }
        }
        return lines.sorted { ($0.frame, $0.track) < ($1.frame, $1.track) }
    }

    private static func between(_ before: Sight?, _ after: Sight, at time: Int64) -> Sight? {
        if after.time == time { return after }
        guard let before else { return nil }
        let part = Double(time - before.time) / Double(after.time - before.time)
        func mix(_ from: Double, _ to: Double) -> Double { from + (to - from) * part }
        return Sight(
            time: time,
            box: Box(
                x: mix(before.box.x, after.box.x), y: mix(before.box.y, after.box.y),
                width: mix(before.box.width, after.box.width), height: mix(before.box.height, after.box.height)),
            confidence: mix(before.confidence, after.confidence))
    }
}
