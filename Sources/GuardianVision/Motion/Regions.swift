import GuardianCore

/// Where in the picture the detector looks: squares around what moved and around where tracks must be.
///
/// A square that an object fills to a third or half is what the model was trained on; objects that stand close together
/// share one.
public struct Regions: Sendable {
    /// All sides are fractions of the picture's height.
    public struct Settings: Sendable, Hashable {
        public var smallest: Double
        /// Squares are joined while the square around them stays within this.
        public var joined: Double
        /// A square's side, in sides of the object in it.
        public var blobMargin: Double
        public var trackMargin: Double
        /// At most so many squares a look; the rest waits for the next.
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
    /// Width over height.
    private let aspect: Double

    public init(settings: Settings = Settings(), aspect: Double) {
        self.settings = settings
        self.aspect = aspect
    }

    /// A square (or, for what is larger, the whole height or width), in picture heights.
    private struct Square {
        var left: Double
        var top: Double
        var right: Double
        var bottom: Double
        /// What it must hold.
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

    /// - Parameters:
    ///   - tracks: predicted boxes of the tracks that need a look.
    ///   - blobs: boxes of what moved, in the order of their importance.
    ///   - explained: boxes of tracks that need no look now; what moves in them is they.
    /// - Returns: regions in fractions of the picture, the tracks' first.
    public func select(tracks: [Box], blobs: [Box], explained: [Box] = []) -> [Box] {
        var squares = tracks.map { square(around: $0, margin: settings.trackMargin) }
        let covered = squares
        for blob in blobs {
            let core = exact(blob)
            if explained.contains(where: { explains($0, blob) }) { continue }
            // A square around a track that shows the whole blob shows whoever makes it, too.
            if covered.contains(where: { $0.contains(core) }) { continue }
            squares.append(square(around: blob, margin: settings.blobMargin))
        }
        join(&squares)
        return squares.prefix(settings.limit).map { fraction(of: placed($0)) }
    }

    /// Overlapping squares that cover the whole picture, `across` of them from left to right.
    public func tiles(across: Int) -> [Box] {
        let side = min(1, aspect / (Double(across) * 0.75 + 0.25))
        let down = max(1, Int(((1 - side * 0.25) / (side * 0.75)).rounded(.up)))
        var found: [Box] = []
        for row in 0..<down {
            for column in 0..<across {
                let x = across > 1 ? (aspect - side) * Double(column) / Double(across - 1) : (aspect - side) / 2
                let y = down > 1 ? (1 - side) * Double(row) / Double(down - 1) : (1 - side) / 2
                found.append(fraction(of: Square(left: x, top: y, right: x + side, bottom: y + side)))
            }
        }
        return found
    }

    /// A blob that lies within somebody's box, or a little beyond it, is theirs: their shadow reaches further than they.
    private func explains(_ box: Box, _ blob: Box) -> Bool {
        let wide = Box(
            x: box.x - box.width * 0.35, y: box.y - box.height * 0.15, width: box.width * 1.7, height: box.height * 1.3)
        return wide.intersection(blob).area > blob.area * 0.8
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

    /// Joins the pair that needs the smallest square, again and again.
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

    /// Square again, and moved into the picture.
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
