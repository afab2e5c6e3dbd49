/// The byte range that a `Range` field requests of a file of known length (RFC 9110, 14.1.2).
enum ByteRange: Equatable, Sendable {
    /// The whole file: there is no field, or it is ignored because it has another unit, is malformed or has several
    /// ranges. A server may always send the whole file, and video players do not request several ranges.
    case whole
    /// These bytes; never empty.
    case partial(Range<Int64>)
    /// No byte of the requested range exists.
    case unsatisfiable

    init(_ field: String?, length: Int64) {
        guard let field, let (first, last) = Self.parse(field) else {
            self = .whole
            return
        }
        switch (first, last) {
        case (let first?, let last):
            guard first < length else {
                self = .unsatisfiable
                return
            }
            self = .partial(first..<min(length, (last ?? length - 1) + 1))
        case (nil, let suffix?):
            guard suffix > 0, length > 0 else {
                self = .unsatisfiable
                return
            }
            self = .partial(max(0, length - suffix)..<length)
        case (nil, nil):
            self = .whole
        }
    }

    /// Parses `bytes=first-last`, `bytes=first-` or `bytes=-suffix`; returns `nil` for any other text.
    private static func parse(_ field: String) -> (Int64?, Int64?)? {
        let sides = field.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, sides[0].trimmingSpaces.lowercased() == "bytes" else { return nil }
        let bounds = sides[1].trimmingSpaces.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        guard let first = number(bounds[0]), let last = number(bounds[1]) else { return nil }
        guard first != nil || last != nil else { return nil }
        if let first, let last, last < first { return nil }
        return (first, last)
    }

    /// Parses decimal digits. Returns `.some(nil)` for an empty text and `nil` for a malformed one; numbers that do not
    /// fit become `Int64.max - 1`.
    private static func number(_ text: Substring) -> Int64?? {
        let text = text.trimmingSpaces
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return .some(min(Int64(text) ?? .max, .max - 1))
    }
}
