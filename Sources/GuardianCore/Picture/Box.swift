/// A rectangle in a picture, in fractions of its width and height; `x` and `y` are its top left corner.
public struct Box: Hashable, Sendable, Codable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    public var right: Double { x + width }
    public var bottom: Double { y + height }
    public var centerX: Double { x + width / 2 }
    public var centerY: Double { y + height / 2 }
    public var area: Double { max(0, width) * max(0, height) }

    /// Returns the area that both boxes cover; empty when they do not overlap.
    public func intersection(_ other: Box) -> Box {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Box(
            x: left, y: top, width: max(0, min(right, other.right) - left),
            height: max(0, min(bottom, other.bottom) - top))
    }

    /// Returns the intersection over union: 0 (apart) to 1 (the same).
    public func overlap(_ other: Box) -> Double {
        let common = intersection(other).area
        guard common > 0 else { return 0 }
        return common / (area + other.area - common)
    }

    /// Returns the smallest box around both.
    public func union(_ other: Box) -> Box {
        let left = min(x, other.x)
        let top = min(y, other.y)
        return Box(x: left, y: top, width: max(right, other.right) - left, height: max(bottom, other.bottom) - top)
    }

    /// The box, clipped to the picture.
    public var clipped: Box { intersection(Box(x: 0, y: 0, width: 1, height: 1)) }
}
