import GuardianCore

/// Reads the JSON of a sealed clip: fixed members in a fixed order, no white space, strings without escapes. Anything
/// else is not read, so that a text has one meaning in every language.
struct ExactJSON {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    var isAtEnd: Bool { place == bytes.endIndex }

    /// Whether exactly this text comes next; then it is passed.
    mutating func skip(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard bytes.endIndex - place >= text.count, bytes[place..<place + text.count].elementsEqual(text) else {
                return false
            }
            place += text.count
            return true
        }
    }

    /// The characters of `[A-Za-z0-9._/-]` before the next quotation mark, which is passed.
    mutating func string() -> ArraySlice<UInt8>? {
        let start = place
        while place < bytes.endIndex, Self.isPlain(bytes[place]) { place += 1 }
        guard place < bytes.endIndex, bytes[place] == 0x22 else { return nil }
        defer { place += 1 }
        return bytes[start..<place]
    }

    /// A string of base64url.
    mutating func base64() -> [UInt8]? { string().flatMap { Base64URL.decode($0) } }

    /// A whole number without sign or leading zeros, up to 2^32 - 1.
    mutating func number() -> UInt32? {
        let start = place
        var value: UInt64 = 0
        while place < bytes.endIndex, (0x30...0x39).contains(bytes[place]), place - start < 11 {
            value = value * 10 + UInt64(bytes[place] - 0x30)
            place += 1
        }
        guard place > start, bytes[start] != 0x30 || place == start + 1 else { return nil }
        return UInt32(exactly: value)
    }

    static func isPlain(_ character: UInt8) -> Bool {
        switch character {
        case 0x41...0x5A, 0x61...0x7A, 0x2D...0x39, 0x5F: true
        default: false
        }
    }
}
