import GuardianCore

/// The motion gate's result for one frame.
public struct Motion: Sendable, Hashable {
    /// Fraction of the cells that differ from the background, 0 to 1.
    public var fraction: Double
    /// Boxes around connected cells, largest first, in fractions of the frame.
    public var blobs: [Box]
    /// The whole frame changed (light, exposure, or the camera moved). There are no blobs then.
    public var sceneChanged: Bool
    /// Which cells differ from the background, rows from the top.
    public var cells: CellMask
    /// Which cells changed since the previous look.
    public var moving: CellMask

    public init(fraction: Double, blobs: [Box], sceneChanged: Bool, cells: CellMask, moving: CellMask) {
        self.fraction = fraction
        self.blobs = blobs
        self.sceneChanged = sceneChanged
        self.cells = cells
        self.moving = moving
    }
}

/// A grid of cells that are set or not.
public struct CellMask: Sendable, Hashable {
    public var columns: Int
    public var rows: Int
    /// 1 or 0, rows from the top.
    public var cells: [UInt8]

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = [UInt8](repeating: 0, count: columns * rows)
    }

    /// Returns the fraction of cells in `box` (in fractions of the frame) that are set.
    public func fraction(in box: Box) -> Double {
        let inner = box.clipped
        let left = Int(inner.x * Double(columns))
        let top = Int(inner.y * Double(rows))
        let right = min(columns, max(left + 1, Int((inner.right * Double(columns)).rounded(.up))))
        let bottom = min(rows, max(top + 1, Int((inner.bottom * Double(rows)).rounded(.up))))
        guard left < right, top < bottom else { return 0 }
        var sum = 0
        cells.withUnsafeBufferPointer { cells in
            for row in top..<bottom {
                for column in left..<right { sum += Int(cells[row * columns + column]) }
            }
        }
        return Double(sum) / Double((right - left) * (bottom - top))
    }
}
