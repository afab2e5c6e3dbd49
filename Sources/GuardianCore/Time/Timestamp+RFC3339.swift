// Integers only: Foundation's formatters convert seconds to Double and sometimes lose a millisecond.

extension Timestamp {
    /// The times that RFC 3339 can express and that `init(rfc3339:)` reads: the years 1970 to 9999.
    public static let expressible =
        Timestamp(milliseconds: 0)...Timestamp(milliseconds: 253_402_300_799_999)

    /// RFC 3339 in UTC with milliseconds: `2026-11-24T06:34:22.118Z`. An earlier or later time than those of `expressible`
    /// becomes the first or the last of these.
    public var rfc3339: String {
        let shown = min(max(self, Self.expressible.lowerBound), Self.expressible.upperBound)
        let (days, rest) = Self.floored(shown.milliseconds, by: 86_400_000)
        let date = CivilDate(daysSinceEpoch: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func add(_ number: Int64, digits: Int) {
            var scale: Int64 = 1
            for _ in 1..<digits { scale *= 10 }
            while scale > 0 {
                text.append(0x30 + UInt8(number / scale % 10))
                scale /= 10
            }
        }
        add(date.year, digits: 4)
        text.append(0x2D)
        add(date.month, digits: 2)
        text.append(0x2D)
        add(date.day, digits: 2)
        text.append(0x54)
        add(rest / 3_600_000, digits: 2)
        text.append(0x3A)
        add(rest / 60_000 % 60, digits: 2)
        text.append(0x3A)
        add(rest / 1000 % 60, digits: 2)
        text.append(0x2E)
        add(rest % 1000, digits: 3)
        text.append(0x5A)
        return String(decoding: text, as: UTF8.self)
    }

    /// Parses RFC 3339 with any offset, with or without a fraction of a second (truncated to milliseconds); `nil` when
    /// it is malformed, or outside the years 1970 to 9999. A leap second counts as the second after it.
    public init?(rfc3339 text: String) {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        guard text.utf8.count <= 40,
            let year = scanner.number(digits: 4), scanner.skip("-"),
            let month = scanner.number(digits: 2), scanner.skip("-"),
            let day = scanner.number(digits: 2), scanner.skip("Tt"),
            let hour = scanner.number(digits: 2), scanner.skip(":"),
            let minute = scanner.number(digits: 2), scanner.skip(":"),
            let second = scanner.number(digits: 2),
            (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, of: year),
            hour < 24, minute < 60, second <= 60,
            let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.rest.isEmpty
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let minutes = (days * 24 + hour) * 60 + minute - offset
        let milliseconds = (minutes * 60 + second) * 1000 + fraction
        self.init(milliseconds: milliseconds)
        guard Self.expressible.contains(self) else { return nil }
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let remainder = ((value % divisor) + divisor) % divisor
        return ((value - remainder) / divisor, remainder)
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func number(digits: Int) -> Int64? {
            guard rest.count >= digits else { return nil }
            var value: Int64 = 0
            for digit in rest.prefix(digits) {
                guard (0x30...0x39).contains(digit) else { return nil }
                value = value * 10 + Int64(digit - 0x30)
            }
            rest = rest.dropFirst(digits)
            return value
        }

        mutating func skip(_ any: String) -> Bool {
            guard let first = rest.first, any.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// Reads milliseconds; 0 when there is no fraction, `nil` when a point has no digits after it.
        mutating func fraction() -> Int64? {
            guard skip(".") else { return 0 }
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
            var value: Int64 = 0
            for place in 0..<3 {
                let index = digits.startIndex + place
                value = value * 10 + (index < digits.endIndex ? Int64(digits[index] - 0x30) : 0)
            }
            return value
        }

        /// Reads the offset in minutes east of UTC.
        mutating func offset() -> Int64? {
            if skip("Zz") { return 0 }
            guard let sign = rest.first, skip("+-"), let hours = number(digits: 2), skip(":"),
                let minutes = number(digits: 2), hours < 24, minutes < 60
            else { return nil }
            return (hours * 60 + minutes) * (sign == 0x2D ? -1 : 1)
        }
    }
}

/// A day of the Gregorian calendar (https://howardhinnant.github.io/date_algorithms.html).
struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1970-01-01.
    init(daysSinceEpoch days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
