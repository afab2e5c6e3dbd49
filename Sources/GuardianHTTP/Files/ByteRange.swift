/// What a `Range` field asks of something with a known length (RFC 9110, 14.1.2).
enum ByteRange: Equatable, Sendable {
    /// Everything: there is no field, or one that is to be ignored (another unit, a broken form, several ranges: a
    /// server may always answer with the whole, and several ranges are asked for by nobody who plays video).
    case whole
    /// These bytes; never empty.
    case part(Range<Int64>)
    /// No byte of it exists.
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
            self = .part(first..<min(length, (last ?? length - 1) + 1))
        case (nil, let suffix?):
            guard suffix > 0, length > 0 else {
                self = .unsatisfiable
                return
            }
            self = .part(max(0, length - suffix)..<length)
        case (nil, nil):
            self = .whole
        }
    }

    /// `bytes=first-last`, `bytes=first-` or `bytes=-suffix`; `nil` when it is none of these.
    private static func parse(_ field: String) -> (Int64?, Int64?)? {
        let parts = field.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0].trimmingSpaces.lowercased() == "bytes" else { return nil }
        let bounds = parts[1].trimmingSpaces.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        guard let first = number(bounds[0]), let last = number(bounds[1]) else { return nil }
        guard first != nil || last != nil else { return nil }
        if let first, let last, last < first { return nil }
        return (first, last)
    }

    /// Digits only; an empty text is no number, and one beyond what counts here is the largest that does.
    private static func number(_ text: Substring) -> Int64?? {
        let text = text.trimmingSpaces
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return .some(min(Int64(text) ?? .max, .max - 1))
    }
}
