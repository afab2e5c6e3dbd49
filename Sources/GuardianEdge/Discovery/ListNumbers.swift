import GuardianCore

/// What somebody types to choose from a numbered list: `2`, `1,3`, `2-4`, `all`.
package enum ListNumbers {
    /// Returns the places of what was chosen, counted from 0, in the list's order and each once; none when nothing was typed.
    ///
    /// - Parameter count: of the list.
    /// - Throws: `invalidArgument` for what is not in the list.
    package static func read(_ text: String, count: Int) throws(GuardianError) -> [Int] {
        let words = text.split { $0 == "," || $0.isWhitespace }
        if words.count == 1, words[0].lowercased() == "all" { return Array(0..<count) }
        var chosen: Set<Int> = []
        for word in words {
            let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard (1...2).contains(ends.count), let first = ends.first, let last = ends.last,
                (1...max(count, 1)).contains(first), first <= last, last <= count
            else {
                throw GuardianError(
                    .invalidArgument,
                    "\(word) is not in the list: type numbers from 1 to \(count), such as 1,3 or 2-4, or all.")
            }
            chosen.formUnion((first - 1)...(last - 1))
        }
        return chosen.sorted()
    }
}
