/// Digits `0–9 A–Z a–z`, which a double click selects as one word.
package enum Base62 {
    /// Returns bytes as a number of so many digits, the most significant first. Digits that do not fit are left out.
    package static func encode(_ bytes: [UInt8], digits count: Int) -> String {
        var number = bytes
        var digits: [UInt8] = []
        for _ in 0..<count {
            var remainder = 0
            for index in number.indices {
                let value = remainder << 8 | Int(number[index])
                number[index] = UInt8(truncatingIfNeeded: value / 62)
                remainder = value % 62
            }
            digits.append(digit(remainder))
        }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func digit(_ value: Int) -> UInt8 {
        switch value {
        case 0..<10: 0x30 + UInt8(value)
        case 10..<36: 0x41 + UInt8(value - 10)
        default: 0x61 + UInt8(value - 36)
        }
    }
}
