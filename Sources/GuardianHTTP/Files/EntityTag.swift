/// Compares entity tags (RFC 9110, 8.8.3). The tags of this server are all strong.
enum EntityTag {
    enum Comparison {
        /// Weak tags match nothing: `If-Match` (13.1.1) and `If-Range` (13.1.5).
        case strong
        /// A weak tag matches the strong one of the same text: `If-None-Match` (13.1.2).
        case weak
    }

    /// Returns whether a condition's field contains the tag.
    static func list(_ field: String, contains tag: String, _ comparison: Comparison) -> Bool {
        if field.trimmingSpaces == "*" { return true }
        return field.split(separator: ",").contains { item in
            let item = item.trimmingSpaces
            return item == tag || (comparison == .weak && item.hasPrefix("W/") && item.dropFirst(2) == tag)
        }
    }
}

extension StringProtocol {
    /// The text without leading and trailing spaces and tabs.
    var trimmingSpaces: SubSequence {
        let start = firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
        var end = endIndex
        while end > start, self[index(before: end)] == " " || self[index(before: end)] == "\t" {
            end = index(before: end)
        }
        return self[start..<end]
    }
}
