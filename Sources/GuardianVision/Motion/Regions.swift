import GuardianCore

/// Selects the regions for the detector: squares around motion and around predicted tracks.
///
/// The model was trained on squares of which an object fills a third to a half. Objects close together share a square.
public struct Regions: Sendable {
    /// All lengths are fractions of the frame's height.
    public struct Settings: Sendable, Hashable {
        /// The smallest side of a square.
        public var smallest: Double
        /// Two squares are joined when the square around both is not larger than this.
        public var joined: Double
        /// The side of a square, as a multiple of the side of the object in it.
        public var blobMargin: Double
        public var trackMargin: Double
        /// The maximum number of squares per look; the others are left out.
        public var limit: Int

        public init(
            smallest: Double = 0.3, joined: Double = 0.45, blobMargin: Double = 1.7, trackMargin: Double = 1.9,
            limit: Int = 8
        ) {
            self.smallest = smallest
            self.joined = joined
            self.blobMargin = blobMargin
            self.trackMargin = trackMargin
            self.limit = limit
        }
    }

    private let settings: Settings
    /// Width of the frame divided by its height.
    private let aspect: Double

    public init(settings: Settings = Settings(), aspect: Double) {
        self.settings = settings
        self.aspect = aspect
    }

    /// A rectangle that becomes a square in the end (limited by the frame), in frame heights.
    private struct Square {
        var left: Double
        var top: Double
        var right: Double
        var bottom: Double
        /// Side of the square that contains it.
        var side: Double { max(right - left, bottom - top) }

        func around(_ other: Square) -> Square {
            Square(
                left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
                bottom: max(bottom, other.bottom))
        }

        func contains(_ other: Square) -> Bool {
            left <= other.left && top <= other.top && right >= other.right && bottom >= other.bottom
        }
    }

    /// Returns the regions for one look.
    ///
    /// - Parameters:
    ///   - tracks: predicted boxes of the tracks that need a look.
    ///   - blobs: boxes of motion, most important first.
    ///   - explained: boxes of tracks that need no look now; motion in them is attributed to these tracks.
    /// - Returns: regions in fractions of the frame, those of tracks first.
    public func select(tracks: [Box], blobs: [Box], explained: [Box] = []) -> [Box] {
        var squares = tracks.map { square(around: $0, margin: settings.trackMargin) }
        let covered = squares
        for blob in blobs {
            let core = exact(blob)
            if explained.contains(where: { explains($0, blob) }) { continue }
            // A square around a track that contains the whole blob also shows the object that moves.
            if covered.contains(where: { $0.contains(core) }) { continue }
            squares.append(square(around: blob, margin: settings.blobMargin))
        }
        join(&squares)
        return squares.prefix(settings.limit).map { fraction(of: placed($0)) }
    }

    /// Returns overlapping squares that cover the whole frame, `across` of them from left to right.
    public func tiles(across: Int) -> [Box] {
        let side = min(1, aspect / (Double(across) * 0.75 + 0.25))
        let down = max(1, Int(((1 - side * 0.25) / (side * 0.75)).rounded(.up)))
        var tiles: [Box] = []
        for row in 0..<down {
            for column in 0..<across {
                let x = across > 1 ? (aspect - side) * Double(column) / Double(across - 1) : (aspect - side) / 2
                let y = down > 1 ? (1 - side) * Double(row) / Double(down - 1) : (1 - side) / 2
                tiles.append(fraction(of: Square(left: x, top: y, right: x + side, bottom: y + side)))
            }
        }
        return tiles
    }

    /// Returns whether a blob belongs to a track's box. A margin is added for the object's shadow.
    private func explains(_ box: Box, _ blob: Box) -> Bool {
        let widened = Box(
            x: box.x - box.width * 0.35, y: box.y - box.height * 0.15, width: box.width * 1.7, height: box.height * 1.3)
        return widened.intersection(blob).area > blob.area * 0.8
    }

    private func exact(_ box: Box) -> Square {
        Square(left: box.x * aspect, top: box.y, right: box.right * aspect, bottom: box.bottom)
    }

    private func square(around box: Box, margin: Double) -> Square {
        let core = exact(box)
        let half = max(settings.smallest, core.side * margin) / 2
        let x = (core.left + core.right) / 2
        let y = (core.top + core.bottom) / 2
        return Square(left: x - half, top: y - half, right: x + half, bottom: y + half)
    }

    /// Repeatedly joins the two squares whose common square is smallest.
    private func join(_ squares: inout [Square]) {
        while squares.count > 1 {
            var best: (first: Int, second: Int, square: Square)?
            for first in squares.indices.dropLast() {
                for second in squares.index(after: first)..<squares.endIndex {
                    let both = squares[first].around(squares[second])
                    let allowed = max(settings.joined, max(squares[first].side, squares[second].side) * 1.05)
                    guard both.side <= allowed, both.side < best?.square.side ?? .infinity else { continue }
                    best = (first, second, both)
                }
            }
            guard let best else { return }
            squares[best.first] = best.square
            squares.remove(at: best.second)
        }
    }

    /// Returns a square of the same centre, moved into the frame.
    private func placed(_ square: Square) -> Square {
        let width = min(square.side, aspect)
        let height = min(square.side, 1)
        let left = min(max(0, (square.left + square.right - width) / 2), aspect - width)
        let top = min(max(0, (square.top + square.bottom - height) / 2), 1 - height)
        return Square(left: left, top: top, right: left + width, bottom: top + height)
    }

    private func fraction(of square: Square) -> Box {
        Box(
            x: square.left / aspect, y: square.top, width: (square.right - square.left) / aspect,
            height: square.bottom - square.top)
    }
}
