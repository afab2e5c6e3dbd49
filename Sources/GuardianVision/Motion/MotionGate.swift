import GuardianCore

/// Background subtraction on a small grey image, at a few additions per cell.
///
/// Each cell keeps a running mean and mean deviation. A change that a whole tile shares (clouds, exposure) is a change
/// of light and is subtracted first. A cell that stays at its new value for a while becomes background: objects that
/// stand still are followed by the tracker, and things that were put down cause no further looks.
public struct MotionGate: Sendable {
    private static let shift: Int32 = 5
    private static let tileColumns = 4
    private static let tileRows = 3
    private let settings: MotionSettings
    private var columns = 0
    private var rows = 0
    // Both in 1/32 of a grey level.
    private var mean: [Int32] = []
    private var deviation: [Int32] = []
    private var previous: [UInt8] = []
    private var stillCount: [UInt8] = []
    private var looks = 0

    public init(settings: MotionSettings = MotionSettings()) {
        self.settings = settings
    }

    /// Returns the size of the small image for a stream of `width` x `height` pixels.
    public func size(width: Int, height: Int) -> (columns: Int, rows: Int) {
        let columns = max(8, min(settings.columns, width))
        return (columns, max(8, (columns * height + width / 2) / max(1, width)))
    }

    /// Compares the next small image with the background and updates it; a new size restarts learning.
    public mutating func update(luma: [UInt8], columns: Int, rows: Int) -> Motion {
        guard luma.count == columns * rows, columns > 0, rows > 0 else {
            return Motion(
                fraction: 0, blobs: [], sceneChanged: false, cells: CellMask(columns: 0, rows: 0),
                moving: CellMask(columns: 0, rows: 0))
        }
        if columns != self.columns || rows != self.rows { begin(luma, columns: columns, rows: rows) }
        let light = tileBrightness(luma, against: mean)
        var raw = CellMask(columns: columns, rows: rows)
        var moving = CellMask(columns: columns, rows: rows)
        compare(luma, light: light, into: &raw, moving: &moving)
        let cells = Blobs.smooth(raw)
        let set = cells.cells.reduce(into: 0) { $0 += Int($1) }
        let fraction = Double(set) / Double(cells.cells.count)
        let changed = looks > 1 && fraction > settings.sceneChange
        learn(luma, moved: cells, changed: changed)
        looks += 1
        let blobs = changed ? [] : Blobs.find(in: cells, smallest: settings.smallest)
        previous = luma
        return Motion(
            fraction: fraction, blobs: blobs, sceneChanged: changed, cells: cells,
            moving: Blobs.smooth(moving, least: 3))
    }

    private mutating func begin(_ luma: [UInt8], columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        mean = luma.map { Int32($0) << Self.shift }
        deviation = [Int32](repeating: 2 << Self.shift, count: luma.count)
        previous = luma
        stillCount = [UInt8](repeating: 0, count: luma.count)
        looks = 0
    }

    /// Returns for each tile the median brightness offset of its cells to `reference`, in 1/32 of a grey level.
    private func tileBrightness(_ luma: [UInt8], against reference: [Int32]) -> [Int32] {
        var medians: [Int32] = []
        var counts = [Int](repeating: 0, count: 511)
        for tileRow in 0..<Self.tileRows {
            for tileColumn in 0..<Self.tileColumns {
                for bin in counts.indices { counts[bin] = 0 }
                var total = 0
                luma.withUnsafeBufferPointer { luma in
                    reference.withUnsafeBufferPointer { reference in
                        counts.withUnsafeMutableBufferPointer { counts in
                            for row in stride(from: tileRow * rows / 3, to: (tileRow + 1) * rows / 3, by: 2) {
                                let start = row * columns
                                for column in stride(
                                    from: tileColumn * columns / 4, to: (tileColumn + 1) * columns / 4, by: 2)
                                {
                                    let cell = start + column
                                    counts[Int(Int32(luma[cell]) - (reference[cell] >> Self.shift)) + 255] += 1
                                    total += 1
                                }
                            }
                        }
                    }
                }
                var remaining = total / 2
                let median = counts.firstIndex { count in
                    remaining -= count
                    return remaining < 0
                }
                medians.append(Int32((median ?? 255) - 255) << Self.shift)
            }
        }
        return medians
    }

    private func compare(_ luma: [UInt8], light: [Int32], into raw: inout CellMask, moving: inout CellMask) {
        let floor = Int32(settings.threshold) << Self.shift
        let factor = Int32(settings.deviations)
        let step = Int32(settings.threshold)
        luma.withUnsafeBufferPointer { luma in
            mean.withUnsafeBufferPointer { mean in
                deviation.withUnsafeBufferPointer { deviation in
                    previous.withUnsafeBufferPointer { previous in
                        raw.cells.withUnsafeMutableBufferPointer { raw in
                            moving.cells.withUnsafeMutableBufferPointer { moving in
                                for row in 0..<rows {
                                    let tiles = min(2, row * 3 / rows) * Self.tileColumns
                                    for column in 0..<columns {
                                        let cell = row * columns + column
                                        let value = Int32(luma[cell])
                                        let tileLight = light[tiles + min(3, column * 4 / columns)]
                                        let delta = abs((value << Self.shift) - mean[cell] - tileLight)
                                        raw[cell] = delta > max(floor, factor &* deviation[cell]) ? 1 : 0
                                        moving[cell] = abs(value - Int32(previous[cell])) > step ? 1 : 0
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private mutating func learn(_ luma: [UInt8], moved: CellMask, changed: Bool) {
        // The weight of a look falls from 1/2 to 1/32; a scene change gets 1/2 again.
        let weightShift: Int32 = changed ? 1 : looks < 2 ? 1 : looks < 4 ? 2 : looks < 8 ? 3 : looks < 16 ? 4 : 5
        let limit = UInt8(min(250, settings.stillLooks))
        luma.withUnsafeBufferPointer { luma in
            previous.withUnsafeBufferPointer { previous in
                moved.cells.withUnsafeBufferPointer { moved in
                    mean.withUnsafeMutableBufferPointer { mean in
                        deviation.withUnsafeMutableBufferPointer { deviation in
                            stillCount.withUnsafeMutableBufferPointer { stillCount in
                                for cell in luma.indices {
                                    let value = Int32(luma[cell])
                                    let delta = (value << Self.shift) - mean[cell]
                                    if moved[cell] == 0 || changed {
                                        mean[cell] += delta >> weightShift
                                        deviation[cell] += (min(abs(delta), 40 << Self.shift) - deviation[cell]) >> 5
                                        stillCount[cell] = 0
                                        continue
                                    }
                                    // Cells that keep flickering (trees, rain) slowly get a larger deviation.
                                    deviation[cell] += (min(abs(delta), 40 << Self.shift) - deviation[cell]) >> 8
                                    if abs(value - Int32(previous[cell])) > 8 {
                                        stillCount[cell] = 0
                                        mean[cell] += delta >> 8
                                    } else if stillCount[cell] < limit {
                                        stillCount[cell] += 1
                                        mean[cell] += delta >> 8
                                    } else {
                                        mean[cell] += delta >> 3
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
