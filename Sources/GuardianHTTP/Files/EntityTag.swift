/// Compares entity tags (RFC 9110, 8.8.3). The tags of this server are all strong.
enum EntityTag {
    /// Returns whether an `If-None-Match` or `If-Match` field contains the tag. A weak tag matches too, as
    /// `If-None-Match` requires (13.1.2).
    static func list(_ field: String, contains tag: String) -> Bool {
        if field.trimmingSpaces == "*" { return true }
        return field.split(separator: ",").contains { item in
            let item = item.trimmingSpaces
            return item == tag || (item.hasPrefix("W/") && item.dropFirst(2) == tag)
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
