/// Comparison of entity tags (RFC 9110, 8.8.3). Ours are all strong.
enum EntityTag {
    /// Whether an `If-None-Match` or `If-Match` field names the tag; weak ones count as the same, as they must in
    /// `If-None-Match` (13.1.2).
    static func list(_ field: String, contains tag: String) -> Bool {
        if field.trimmingSpaces == "*" { return true }
        return field.split(separator: ",").contains { part in
            let part = part.trimmingSpaces
            return part == tag || (part.hasPrefix("W/") && part.dropFirst(2) == tag)
        }
    }
}

extension StringProtocol {
    /// Without blanks and tabs around it.
    var trimmingSpaces: SubSequence {
        let start = firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
        var end = endIndex
        while end > start, self[index(before: end)] == " " || self[index(before: end)] == "\t" {
            end = index(before: end)
        }
        return self[start..<end]
    }
}
