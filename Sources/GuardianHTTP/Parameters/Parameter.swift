import GuardianCore

/// Parses single values of paths and queries. Every function throws `invalid_argument` with a message that says what is
/// allowed.
public enum Parameter {
    public static func alias(_ text: String) throws -> CameraAlias {
        guard let alias = CameraAlias(text) else {
            throw GuardianError(
                .invalidArgument, "A camera's id has 1 to 63 of a–z, 0–9, - and _, beginning with a letter or digit.")
        }
        return alias
    }

    public static func label(_ text: String) throws -> Label {
        guard let label = Label(text) else {
            throw GuardianError(
                .invalidArgument, "A label has 1 to 40 of a–z, 0–9, _, - and space, such as person.")
        }
        return label
    }

    /// Parses an RFC 3339 time of the years 0 to 9999. Times before 1970 become the start of 1970, later ones than a
    /// timestamp can hold become the end of the year 9999; no stored time lies outside.
    public static func time(_ text: String, name: String) throws -> Timestamp {
        if let time = Timestamp(rfc3339: text) { return time }
        // Checks the format of years that a timestamp cannot hold with a year of the same calendar: the Gregorian
        // calendar repeats every 400 years.
        let year = text.prefix(4)
        guard year.utf8.count == 4, year.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(year),
            Timestamp(rfc3339: "\(2000 + number % 400)\(text.dropFirst(4))") != nil
        else {
            throw GuardianError(
                .invalidArgument,
                "\(name) must be a time as in RFC 3339, such as 2026-11-24T06:34:22Z (with + written as %2B).")
        }
        return number <= 1970 ? Timestamp(milliseconds: 0) : Span.end
    }

    public static func integer(_ text: String, name: String, in range: ClosedRange<Int64>) throws -> Int64 {
        guard (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(text), range.contains(number)
        else {
            throw GuardianError(
                .invalidArgument,
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    public static func cursor(_ text: String) throws -> String {
        let letters = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || [0x2D, 0x2E, 0x3A, 0x5F].contains($0)
        }
        guard (1...256).contains(text.utf8.count), letters else { throw GuardianError.notACursor }
        return text
    }

    /// Parses a comma-separated list of 1 to `limit` different cameras.
    public static func aliases(_ text: String, limit: Int) throws -> [CameraAlias] {
        let aliases = try text.split(separator: ",", omittingEmptySubsequences: false).map { try alias(String($0)) }
        guard aliases.count <= limit else {
            throw GuardianError(.invalidArgument, "At most \(limit) cameras at once.")
        }
        guard Set(aliases).count == aliases.count else {
            throw GuardianError(.invalidArgument, "A camera is in the list twice: name each once.")
        }
        return aliases
    }
}
