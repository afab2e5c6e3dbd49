import GuardianCore

/// Derives decoding times from presentation times: frames that are shown later than others may be decoded before them.
struct DecodingOrder {
    /// Most frames that may be decoded before one that is shown earlier, as the parameter sets say, and as far as it is
    /// learned from the times themselves.
    private static let deepest = 8
    private static let deepestLearned = 4

    /// How many frames may be decoded before one that is shown earlier.
    private(set) var depth: Int
    /// The largest presentation times so far, in ascending order.
    private var largest: [Ticks] = []

    init(depth: Int) { self.depth = min(max(0, depth), Self.deepest) }

    /// Learns from a frame that is shown before others that came earlier. Returns whether the depth has grown.
    mutating func learn(_ pts: Ticks) -> Bool {
        let before = depth
        depth = max(depth, min(max(1, largest.count { $0 > pts }), Self.deepestLearned))
        return depth > before
    }

    /// Begins anew, after a jump.
    mutating func reset() { largest = [] }

    /// Returns the decoding time of the next frame. Every time but the `depth` largest ones so far has been decoded, so it is
    /// the next smaller one.
    mutating func decodingTime(_ pts: Ticks, interval: Ticks) -> Ticks {
        if largest.isEmpty, depth > 0 {
            // Before the first frame: assume presentation times at the usual interval.
            largest = (1...depth).reversed().map { pts - max(1, interval) * $0 }
        }
        let place = largest.firstIndex { $0 > pts } ?? largest.count
        largest.insert(pts, at: place)
        if largest.count > Self.deepest + 1 { largest.removeFirst() }
        return largest[max(0, largest.count - 1 - depth)]
    }
}
