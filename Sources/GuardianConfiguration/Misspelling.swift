/// Guesses which key was meant by one that does not exist.
enum Misspelling {
    /// Returns the key that is spelt most like `key`: another case, or up to two letters changed, missing or too many; one
    /// in short keys.
    static func of(_ key: String, among known: some Sequence<String>) -> String? {
        guard key.utf8.count <= 64 else { return nil }
        return known.map { ($0, distance(Array(key.lowercased().utf8), Array($0.lowercased().utf8))) }
            .filter { $0.1 <= (min($0.0.utf8.count, key.utf8.count) <= 3 ? 1 : 2) }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// Levenshtein's distance.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let replaced = diagonal + (letter == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, min(row[column], diagonal) + 1)
            }
        }
        return row[other.count]
    }
}
