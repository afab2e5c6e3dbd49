import GuardianCore

/// An object's path through the frame, with few points: points on a straight line between two others are left out.
struct VisitPath: Sendable, Hashable {
    private(set) var points: [PathPoint] = []
    private var pending: [PathPoint] = []
    private let limit: Int
    /// Allowed deviation from a straight line, in fractions of the box's own size.
    private var tolerance = 0.12
    /// The longest time between two points on a straight line, in milliseconds.
    private static let longestStep: Int64 = 2000

    init(limit: Int) {
        self.limit = max(4, limit)
    }

    mutating func add(_ point: PathPoint) {
        guard let last = points.last else {
            points = [point]
            return
        }
        guard point.offset > (pending.last ?? last).offset else { return }
        let isStraight = pending.allSatisfy { Self.isOnLine($0, between: last, and: point, tolerance: tolerance) }
        if let turn = pending.last, !isStraight || point.offset - last.offset > Self.longestStep {
            points.append(turn)
            pending.removeAll()
            if points.count > limit { thin() }
        }
        pending.append(point)
    }

    /// All points, the newest included.
    var all: [PathPoint] { points + pending.suffix(1) }

    /// Removes every second point and allows a larger deviation from now on.
    private mutating func thin() {
        tolerance *= 1.5
        var kept: [PathPoint] = [points[0]]
        for index in points.indices.dropFirst().dropLast() where index % 2 == 0 { kept.append(points[index]) }
        kept.append(points[points.count - 1])
        points = kept
    }

    private static func isOnLine(
        _ point: PathPoint, between from: PathPoint, and to: PathPoint, tolerance: Double
    ) -> Bool {
        let fraction = Double(point.offset - from.offset) / Double(max(1, to.offset - from.offset))
        func between(_ value: KeyPath<Box, Double>) -> Double {
            from.box[keyPath: value] + (to.box[keyPath: value] - from.box[keyPath: value]) * fraction
        }
        return abs(between(\.centerX) - point.box.centerX) <= tolerance * point.box.width
            && abs(between(\.centerY) - point.box.centerY) <= tolerance * point.box.height
            && abs(between(\.height) - point.box.height) <= tolerance * point.box.height
    }
}
