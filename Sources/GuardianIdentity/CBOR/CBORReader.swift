/// Reads CBOR in the form that authenticators must write (CTAP 2.1, 8; RFC 8949, 4.2.1): lengths are given and as short as
/// possible, and each key stands once in its map. Anything else is refused, so that no two readers see different values.
///
/// The order of a map's keys is not checked: some password managers write another one, and the value is the same.
package struct CBORReader {
    /// Why bytes are refused. Whoever reads them says what to do.
    package enum Fault: Error, Hashable, Sendable {
        /// The bytes end within a value.
        case truncated
        /// A tag, a floating-point number, a length that is not given, or a reserved value.
        case unsupported
        /// A number or length in more bytes than it needs.
        case notShortest
        /// Text that is not UTF-8.
        case notText
        /// A key twice in one map.
        case duplicateKey
        /// A key that is neither a whole number nor a text.
        case badKey
        /// Beyond `depthLimit` or `valueLimit`.
        case tooMuch
        /// Bytes after the value.
        case trailing
    }

    /// Lists and maps within one another: authenticators write at most four levels (CTAP 2.1, 8).
    package static let depthLimit = 4
    /// Values in all, keys included: a certificate chain in an attestation has some dozen.
    package static let valueLimit = 128

    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private var valuesLeft = Self.valueLimit

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    /// Reads a value that the bytes hold and nothing else.
    package static func value(of bytes: ArraySlice<UInt8>) throws(Fault) -> CBORValue {
        let (value, rest) = try prefix(of: bytes)
        guard rest.isEmpty else { throw .trailing }
        return value
    }

    /// Reads the value with which the bytes begin, and returns what stands after it.
    package static func prefix(of bytes: ArraySlice<UInt8>) throws(Fault) -> (value: CBORValue, rest: ArraySlice<UInt8>)
    {
        var reader = CBORReader(bytes)
        let value = try reader.value(depth: 0)
        return (value, bytes[reader.place...])
    }

    private mutating func value(depth: Int) throws(Fault) -> CBORValue {
        guard valuesLeft > 0 else { throw .tooMuch }
        valuesLeft -= 1
        let first = try byte()
        let (major, short) = (first >> 5, first & 31)
        if major == 7 { return try simple(short) }
        let number = try argument(short)
        switch major {
        case 0: return .unsigned(number)
        case 1: return .negative(number)
        case 2: return .bytes(Array(try take(number)))
        case 3:
            guard let text = String(validating: try take(number), as: UTF8.self) else { throw .notText }
            return .text(text)
        case 4:
            let count = try self.count(number, depth: depth)
            var values: [CBORValue] = []
            for _ in 0..<count { values.append(try value(depth: depth + 1)) }
            return .array(values)
        case 5:
            let count = try self.count(number, depth: depth)
            var pairs: [CBORPair] = []
            for _ in 0..<count { pairs.append(try pair(depth: depth + 1, after: pairs)) }
            return .map(pairs)
        default: throw .unsupported
        }
    }

    private mutating func pair(depth: Int, after pairs: [CBORPair]) throws(Fault) -> CBORPair {
        let key = try value(depth: depth)
        switch key {
        case .unsigned, .negative, .text: break
        default: throw .badKey
        }
        // At most `valueLimit` keys, so that comparing each with each costs little.
        guard !pairs.contains(where: { $0.key == key }) else { throw .duplicateKey }
        return CBORPair(key: key, value: try value(depth: depth))
    }

    private func simple(_ short: UInt8) throws(Fault) -> CBORValue {
        switch short {
        case 20: return .bool(false)
        case 21: return .bool(true)
        case 22: return .null
        default: throw .unsupported
        }
    }

    /// The number of a head: in its five bits, or in the 1, 2, 4 or 8 bytes after them (RFC 8949, 3).
    private mutating func argument(_ short: UInt8) throws(Fault) -> UInt64 {
        let (size, least): (Int, UInt64)
        switch short {
        case 0...23: return UInt64(short)
        case 24: (size, least) = (1, 24)
        case 25: (size, least) = (2, 0x100)
        case 26: (size, least) = (4, 0x1_0000)
        case 27: (size, least) = (8, 0x1_0000_0000)
        default: throw .unsupported
        }
        var number: UInt64 = 0
        for _ in 0..<size { number = number << 8 | UInt64(try byte()) }
        guard number >= least else { throw .notShortest }
        return number
    }

    /// How many elements a list or map has: no more than may still come, so that a number alone reserves nothing.
    private func count(_ number: UInt64, depth: Int) throws(Fault) -> Int {
        guard depth < Self.depthLimit, number <= UInt64(valuesLeft) else { throw .tooMuch }
        return Int(number)
    }

    private mutating func byte() throws(Fault) -> UInt8 {
        guard place < bytes.endIndex else { throw .truncated }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func take(_ count: UInt64) throws(Fault) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.endIndex - place) else { throw .truncated }
        defer { place += Int(count) }
        return bytes[place..<place + Int(count)]
    }
}
