import GuardianCore

/// Tells what in a small grey picture is not as it usually is, at a few additions a cell.
///
/// Each cell keeps a running mean and mean deviation. A change that a whole tile of the picture shares (clouds, exposure)
/// is light and is taken out first. What stays at its new value for a while becomes background: who stands still is the
/// tracker's business, and what was put down stops asking for looks.
public struct MotionGate: Sendable {
    private static let shift: Int32 = 5
    private static let tileColumns = 4
    private static let tileRows = 3
    private let settings: MotionSettings
    private var columns = 0
    private var rows = 0
    // In 1/32 of a grey level.
    private var mean: [Int32] = []
    private var deviation: [Int32] = []
    private var previous: [UInt8] = []
    private var still: [UInt8] = []
    private var looks = 0

    public init(settings: MotionSettings = MotionSettings()) {
        self.settings = settings
    }

    /// The size of the small picture for a stream of so many pixels.
    public func size(width: Int, height: Int) -> (columns: Int, rows: Int) {
        let columns = max(8, min(settings.columns, width))
        return (columns, max(8, (columns * height + width / 2) / max(1, width)))
    }

    /// Takes in the next small picture; another size than before begins anew.
    public mutating func update(luma: [UInt8], columns: Int, rows: Int) -> Motion {
        guard luma.count == columns * rows, columns > 0, rows > 0 else {
            return Motion(
                fraction: 0, blobs: [], sceneChanged: false, cells: CellMask(columns: 0, rows: 0),
                stirred: CellMask(columns: 0, rows: 0))
        }
        if columns != self.columns || rows != self.rows { begin(luma, columns: columns, rows: rows) }
        let light = lightOfTiles(luma, against: mean)
        var raw = CellMask(columns: columns, rows: rows)
        var stirred = CellMask(columns: columns, rows: rows)
        compare(luma, light: light, into: &raw, stirred: &stirred)
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
            stirred: Blobs.smooth(stirred, least: 3))
    }

    private mutating func begin(_ luma: [UInt8], columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        mean = luma.map { Int32($0) << Self.shift }
        deviation = [Int32](repeating: 2 << Self.shift, count: luma.count)
        previous = luma
        still = [UInt8](repeating: 0, count: luma.count)
        looks = 0
    }

    /// For each tile the median of how much brighter its cells are than `reference`, in 1/32 of a grey level.
    private func lightOfTiles(_ luma: [UInt8], against reference: [Int32]) -> [Int32] {
        var medians: [Int32] = []
        var counts = [Int](repeating: 0, count: 511)
        for tileRow in 0..<Self.tileRows {
            for tileColumn in 0..<Self.tileColumns {
                for place in counts.indices { counts[place] = 0 }
                var total = 0
                luma.withUnsafeBufferPointer { luma in
                    reference.withUnsafeBufferPointer { reference in
                        counts.withUnsafeMutableBufferPointer { counts in
                            for row in stride(from: tileRow * rows / 3, to: (tileRow + 1) * rows / 3, by: 2) {
                                let start = row * columns
                                for column in stride(
                                    from: tileColumn * columns / 4, to: (tileColumn + 1) * columns / 4, by: 2)
                                {
                                    let place = start + column
                                    counts[Int(Int32(luma[place]) - (reference[place] >> Self.shift)) + 255] += 1
                                    total += 1
                                }
                            }
                        }
                    }
                }
                var rest = total / 2
                let median = counts.firstIndex { count in
                    rest -= count
                    return rest < 0
                }
                medians.append(Int32((median ?? 255) - 255) << Self.shift)
            }
        }
        return medians
    }

    private func compare(_ luma: [UInt8], light: [Int32], into raw: inout CellMask, stirred: inout CellMask) {
        let floor = Int32(settings.threshold) << Self.shift
        let factor = Int32(settings.deviations)
        let step = Int32(settings.threshold)
        luma.withUnsafeBufferPointer { luma in
            mean.withUnsafeBufferPointer { mean in
                deviation.withUnsafeBufferPointer { deviation in
                    previous.withUnsafeBufferPointer { previous in
                        raw.cells.withUnsafeMutableBufferPointer { raw in
                            stirred.cells.withUnsafeMutableBufferPointer { stirred in
                                for row in 0..<rows {
                                    let tiles = min(2, row * 3 / rows) * Self.tileColumns
                                    for column in 0..<columns {
                                        let place = row * columns + column
                                        let value = Int32(luma[place])
                                        let shade = light[tiles + min(3, column * 4 / columns)]
                                        let off = abs((value << Self.shift) - mean[place] - shade)
                                        raw[place] = off > max(floor, factor &* deviation[place]) ? 1 : 0
                                        stirred[place] = abs(value - Int32(previous[place])) > step ? 1 : 0
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
        // The first looks count fully, later ones less and less, down to 1/32.
        let steady: Int32 = changed ? 1 : looks < 2 ? 1 : looks < 4 ? 2 : looks < 8 ? 3 : looks < 16 ? 4 : 5
        let limit = UInt8(min(250, settings.stillLooks))
        luma.withUnsafeBufferPointer { luma in
            previous.withUnsafeBufferPointer { previous in
                moved.cells.withUnsafeBufferPointer { moved in
                    mean.withUnsafeMutableBufferPointer { mean in
                        deviation.withUnsafeMutableBufferPointer { deviation in
                            still.withUnsafeMutableBufferPointer { still in
                                for place in luma.indices {
                                    let value = Int32(luma[place])
                                    let off = (value << Self.shift) - mean[place]
                                    if moved[place] == 0 || changed {
                                        mean[place] += off >> steady
                                        deviation[place] += (min(abs(off), 40 << Self.shift) - deviation[place]) >> 5
                                        still[place] = 0
                                        continue
                                    }
                                    // Trees and rain: what keeps flickering becomes usual, slowly.
                                    deviation[place] += (min(abs(off), 40 << Self.shift) - deviation[place]) >> 8
                                    if abs(value - Int32(previous[place])) > 8 {
                                        still[place] = 0
                                        mean[place] += off >> 8
                                    } else if still[place] < limit {
                                        still[place] += 1
                                        mean[place] += off >> 8
                                    } else {
                                        mean[place] += off >> 3
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
