/// Compresses the Web UI's small text files once at start with gzip (RFC 1952): LZ77 with the fixed Huffman codes of
/// RFC 1951, 3.2.6. Scripts shrink to about a third of their size, which is enough here.
enum Gzip {
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var output = BitWriter([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
        // A single block: the last one, with fixed codes.
        output.write(0b011, count: 3)
        var matcher = Matcher(bytes)
        var position = 0
        while position < bytes.count {
            if let (length, distance) = matcher.match(at: position) {
                output.write(length: length)
                output.write(distance: distance)
                for index in position..<position + length { matcher.insert(index) }
                position += length
            } else {
                output.write(symbol: Int(bytes[position]))
                matcher.insert(position)
                position += 1
            }
        }
        output.write(symbol: 256)
        return output.finished() + littleEndian(checksum(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// CRC-32 (RFC 1952, 8).
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var table = [UInt32](repeating: 0, count: 256)
        for index in table.indices {
            var value = UInt32(index)
            for _ in 0..<8 {
                let shifted = value >> 1
                value = value & 1 == 1 ? 0xEDB8_8320 ^ shifted : shifted
            }
            table[index] = value
        }
        var sum = UInt32.max
        for byte in bytes {
            let index = Int(UInt8(truncatingIfNeeded: sum) ^ byte)
            sum = table[index] ^ (sum >> 8)
        }
        return ~sum
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// Finds earlier occurrences of the next bytes (LZ77) with hash chains.
private struct Matcher {
    private static let window = 32_768
    private static let attempts = 64
    private let bytes: [UInt8]
    /// The newest position of each three bytes.
    private var newest: [Int: Int] = [:]
    /// For each position, the previous one with the same three bytes; -1 when there is none.
    private var previous: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        previous = [Int](repeating: -1, count: bytes.count)
    }

    private func key(_ index: Int) -> Int? {
        guard index + 3 <= bytes.count else { return nil }
        return Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
    }

    mutating func insert(_ index: Int) {
        guard let key = key(index) else { return }
        previous[index] = newest.updateValue(index, forKey: key) ?? -1
    }

    func match(at position: Int) -> (length: Int, distance: Int)? {
        guard let key = key(position), var candidate = newest[key] else { return nil }
        let maximum = min(258, bytes.count - position)
        var best = (length: 0, distance: 0)
        for _ in 0..<Self.attempts where candidate >= 0 && position - candidate <= Self.window {
            var length = 3
            while length < maximum, bytes[candidate + length] == bytes[position + length] { length += 1 }
            if length > best.length { best = (length, position - candidate) }
            if length == maximum { break }
            candidate = previous[candidate]
        }
        return best.length >= 3 ? best : nil
    }
}

/// Writes bits starting at the least significant one; Huffman codes start at their most significant bit (RFC 1951,
/// 3.1.1).
private struct BitWriter {
    private var bytes: [UInt8]
    private var pending: UInt64 = 0
    private var count = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func write(_ bits: Int, count added: Int) {
        pending |= UInt64(bits) << count
        count += added
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    private mutating func write(code: Int, count: Int) {
        var reversed = 0
        for bit in 0..<count { reversed |= (code >> bit & 1) << (count - 1 - bit) }
        write(reversed, count: count)
    }

    mutating func write(symbol: Int) {
        switch symbol {
        case 0..<144: write(code: 0x30 + symbol, count: 8)
        case 144..<256: write(code: 0x190 + symbol - 144, count: 9)
        case 256..<280: write(code: symbol - 256, count: 7)
        default: write(code: 0xC0 + symbol - 280, count: 8)
        }
    }

    mutating func write(length: Int) {
        guard length < 258 else { return write(symbol: 285) }
        let (code, extra, rest) = Self.split(length - 3, step: 4)
        write(symbol: 257 + code)
        write(rest, count: extra)
    }

    mutating func write(distance: Int) {
        let (code, extra, rest) = Self.split(distance - 1, step: 2)
        write(code: code, count: 5)
        write(rest, count: extra)
    }

    /// Returns code, number of extra bits and their value. Both tables of 3.2.5 follow one scheme: each of the first
    /// `2 * step` values has its own code; after that, each doubling of the value has `step` codes and one more extra
    /// bit.
    private static func split(_ value: Int, step: Int) -> (code: Int, extra: Int, rest: Int) {
        guard value >= 2 * step else { return (value, 0, 0) }
        let extra = (Int.bitWidth - 1 - value.leadingZeroBitCount) - step.trailingZeroBitCount
        return (extra * step + (value >> extra), extra, value & (1 << extra - 1))
    }

    mutating func finished() -> [UInt8] {
        write(0, count: (8 - count) % 8)
        return bytes
    }
}
