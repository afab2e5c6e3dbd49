import GuardianCore

/// Parses the JSON of a sealed clip: fixed members in a fixed order, no white space, strings without escapes.
/// Everything else is rejected, so that a text has the same meaning in every implementation.
struct ExactJSON {
    private let bytes: ArraySlice<UInt8>
    private var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    var isAtEnd: Bool { index == bytes.endIndex }

    /// Skips this text if it comes next. Returns whether it did.
    mutating func skip(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard bytes.endIndex - index >= text.count, bytes[index..<index + text.count].elementsEqual(text) else {
                return false
            }
            index += text.count
            return true
        }
    }

    /// Reads the characters of `[A-Za-z0-9._/-]` up to the next quotation mark, and skips the mark.
    mutating func string() -> ArraySlice<UInt8>? {
        let start = index
        while index < bytes.endIndex, Self.isPlain(bytes[index]) { index += 1 }
        guard index < bytes.endIndex, bytes[index] == 0x22 else { return nil }
        defer { index += 1 }
        return bytes[start..<index]
    }

    /// Reads a string of base64url.
    mutating func base64() -> [UInt8]? { string().flatMap { Base64URL.decode($0) } }

    /// Reads a whole number without sign or leading zeros, up to 2^32 - 1.
    mutating func number() -> UInt32? {
        let start = index
        var value: UInt64 = 0
        while index < bytes.endIndex, (0x30...0x39).contains(bytes[index]), index - start < 11 {
            value = value * 10 + UInt64(bytes[index] - 0x30)
            index += 1
        }
        guard index > start, bytes[start] != 0x30 || index == start + 1 else { return nil }
        return UInt32(exactly: value)
    }

    static func isPlain(_ character: UInt8) -> Bool {
        switch character {
        case 0x41...0x5A, 0x61...0x7A, 0x2D...0x39, 0x5F: true
        default: false
        }
    }
}
