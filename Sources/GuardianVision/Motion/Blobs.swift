import GuardianCore

/// Connected cells of a mask.
enum Blobs {
    /// Returns the boxes around groups of at least `smallest` connected set cells (8-neighbourhood), largest first.
    static func find(in mask: CellMask, smallest: Int) -> [Box] {
        let columns = mask.columns
        let rows = mask.rows
        var seen = [Bool](repeating: false, count: mask.cells.count)
        var found: [(count: Int, box: Box)] = []
        var stack: [Int] = []
        mask.cells.withUnsafeBufferPointer { cells in
            for start in cells.indices where cells[start] != 0 && !seen[start] {
                seen[start] = true
                stack.append(start)
                var (left, right, top, bottom, count) = (columns, -1, rows, -1, 0)
                while let cell = stack.popLast() {
                    let row = cell / columns
                    let column = cell - row * columns
                    left = min(left, column)
                    right = max(right, column)
                    top = min(top, row)
                    bottom = max(bottom, row)
                    count += 1
                    for y in max(0, row - 1)...min(rows - 1, row + 1) {
                        for x in max(0, column - 1)...min(columns - 1, column + 1) {
                            let neighbour = y * columns + x
                            if cells[neighbour] != 0 && !seen[neighbour] {
                                seen[neighbour] = true
                                stack.append(neighbour)
                            }
                        }
                    }
                }
                guard count >= smallest else { continue }
                found.append(
                    (
                        count,
                        Box(
                            x: Double(left) / Double(columns), y: Double(top) / Double(rows),
                            width: Double(right - left + 1) / Double(columns),
                            height: Double(bottom - top + 1) / Double(rows))
                    ))
            }
        }
        return found.enumerated().sorted {
            $0.element.count != $1.element.count ? $0.element.count > $1.element.count : $0.offset < $1.offset
        }.map(\.element.box)
    }

    /// Removes single cells and fills single holes: a cell is set when at least `least` of its 3 x 3 neighbourhood are.
    static func smooth(_ mask: CellMask, least: Int = 4) -> CellMask {
        var result = CellMask(columns: mask.columns, rows: mask.rows)
        let columns = mask.columns
        guard columns >= 3, mask.rows >= 3 else { return mask }
        mask.cells.withUnsafeBufferPointer { from in
            result.cells.withUnsafeMutableBufferPointer { to in
                for row in 1..<mask.rows - 1 {
                    var cell = row * columns + 1
                    let end = row * columns + columns - 1
                    while cell < end {
                        let above = from[cell - columns - 1] &+ from[cell - columns] &+ from[cell - columns + 1]
                        let beside = from[cell - 1] &+ from[cell] &+ from[cell + 1]
                        let below = from[cell + columns - 1] &+ from[cell + columns] &+ from[cell + columns + 1]
                        to[cell] = above &+ beside &+ below >= UInt8(least) ? 1 : 0
                        cell += 1
                    }
                }
                // Border cells copy their inner neighbours, so that objects entering the frame are found.
                for column in 1..<columns - 1 {
                    to[column] = to[columns + column]
                    to[(mask.rows - 1) * columns + column] = to[(mask.rows - 2) * columns + column]
                }
                for row in 0..<mask.rows {
                    to[row * columns] = to[row * columns + 1]
                    to[(row + 1) * columns - 1] = to[(row + 1) * columns - 2]
                }
            }
        }
        return result
    }
}
