/// Matches rows with columns one to one at the lowest total cost (Hungarian method with potentials, O(n³)).
enum Assignment {
    /// - Parameters:
    ///   - costs: `costs[row][column]`; `nil` where the two must not be matched.
    ///   - limit: the cost of leaving a row unmatched; a pair that costs more is never matched.
    /// - Returns: pairs in the order of rows.
    static func solve(_ costs: [[Double?]], limit: Double) -> [(row: Int, column: Int)] {
        let rows = costs.count
        guard rows > 0, let columns = costs.first?.count, columns > 0 else { return [] }
        // Each row gets an extra column of its own at the cost of the limit: matched with it, the row has no partner.
        let width = columns + rows
        let forbidden = 1e6
        func cost(_ row: Int, _ column: Int) -> Double {
            if column >= columns { return column - columns == row ? limit : forbidden }
            guard let value = costs[row][column], value <= limit else { return forbidden }
            return value
        }
        var rowPotential = [Double](repeating: 0, count: rows + 1)
        var columnPotential = [Double](repeating: 0, count: width + 1)
        // 1-based as usual for this algorithm; owner 0 means that the column is unmatched.
        var owner = [Int](repeating: 0, count: width + 1)
        var previousColumn = [Int](repeating: 0, count: width + 1)
        for row in 1...rows {
            owner[0] = row
            var column = 0
            var slack = [Double](repeating: .infinity, count: width + 1)
            var used = [Bool](repeating: false, count: width + 1)
            repeat {
                used[column] = true
                let current = owner[column]
                var step = Double.infinity
                var next = 0
                for candidate in 1...width where !used[candidate] {
                    let reduced =
                        cost(current - 1, candidate - 1) - rowPotential[current] - columnPotential[candidate]
                    if reduced < slack[candidate] {
                        slack[candidate] = reduced
                        previousColumn[candidate] = column
                    }
                    if slack[candidate] < step {
                        step = slack[candidate]
                        next = candidate
                    }
                }
                for candidate in 0...width {
                    if used[candidate] {
                        rowPotential[owner[candidate]] += step
                        columnPotential[candidate] -= step
                    } else {
                        slack[candidate] -= step
                    }
                }
                column = next
            } while owner[column] != 0
            repeat {
                let previous = previousColumn[column]
                owner[column] = owner[previous]
                column = previous
            } while column != 0
        }
        var pairs: [(row: Int, column: Int)] = []
        for column in 1...columns where owner[column] != 0 {
            let row = owner[column] - 1
            if let value = costs[row][column - 1], value <= limit { pairs.append((row, column - 1)) }
        }
        return pairs.sorted { $0.row < $1.row }
    }
}
