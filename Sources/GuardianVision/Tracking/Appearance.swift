import GuardianCore

/// Colour histograms of an object, for recognising it after it was hidden.
///
/// One histogram of brightness and of two colour differences each for the upper and the lower half, with values spread
/// over neighbouring bins. For labelled persons in the campus scene, the same person after two to six seconds has a
/// mean similarity of 0.95 (10 % below 0.91), another person 0.76 (10 % above 0.88).
public struct Appearance: Sendable, Hashable {
    private static let bins = 16
    private static let halves = 2
    private static let channels = 3
    private var weights: [Float]

    /// - Parameters:
    ///   - picture: RGB24, `width` x `height`.
    ///   - box: the object's box, in fractions of that picture.
    /// - Returns: `nil` when the box covers too few pixels.
    public init?(picture: [UInt8], width: Int, height: Int, box: Box) {
        let inner = box.clipped
        // The outer area of a box shows background.
        let left = Int((inner.x + inner.width * 0.2) * Double(width))
        let right = Int((inner.x + inner.width * 0.8) * Double(width))
        let top = Int((inner.y + inner.height * 0.12) * Double(height))
        let bottom = Int((inner.y + inner.height * 0.9) * Double(height))
        guard right - left >= 4, bottom - top >= 12, right <= width, bottom <= height,
            picture.count >= width * height * 3
        else { return nil }
        let middle = top + (bottom - top) * 45 / 100
        var sums = [Float](repeating: 0, count: Self.halves * Self.channels * Self.bins)
        picture.withUnsafeBufferPointer { pixels in
            sums.withUnsafeMutableBufferPointer { sums in
                for y in stride(from: top, to: bottom, by: 2) {
                    let half = y < middle ? 0 : Self.channels * Self.bins
                    for x in stride(from: left, to: right, by: 2) {
                        let index = (y * width + x) * 3
                        let red = Int32(pixels[index])
                        let green = Int32(pixels[index + 1])
                        let blue = Int32(pixels[index + 2])
                        let brightness = (red + 2 * green + blue) >> 2
                        Self.add(brightness, to: sums, from: half)
                        // Colour differences are small in most clothes: scaled by 4 to use all bins.
                        Self.add(128 + (red - green) * 4, to: sums, from: half + Self.bins)
                        Self.add(128 + (blue - green) * 4, to: sums, from: half + 2 * Self.bins)
                    }
                }
            }
        }
        for group in 0..<Self.halves * Self.channels {
            let range = group * Self.bins..<(group + 1) * Self.bins
            let total = sums[range].reduce(0, +)
            guard total > 0 else { return nil }
            for index in range { sums[index] /= total }
        }
        weights = sums
    }

    @inline(__always)
    private static func add(_ value: Int32, to sums: UnsafeMutableBufferPointer<Float>, from start: Int) {
        let scaled = Float(min(255, max(0, value))) * Float(bins - 1) / 255
        let lower = min(bins - 2, Int(scaled))
        let rest = scaled - Float(lower)
        sums[start + lower] += 1 - rest
        sums[start + lower + 1] += rest
    }

    /// Returns the mean Bhattacharyya coefficient of the histograms: 0 (nothing in common) to 1 (identical).
    public func similarity(_ other: Appearance) -> Double {
        var sum: Float = 0
        for index in weights.indices { sum += (weights[index] * other.weights[index]).squareRoot() }
        return Double(sum) / Double(Self.halves * Self.channels)
    }

    /// Moves the histograms towards those of a newer sighting by `rate` (0 to 1).
    public mutating func blend(_ newer: Appearance, rate: Double) {
        let rate = Float(rate)
        for index in weights.indices { weights[index] += (newer.weights[index] - weights[index]) * rate }
    }
}
