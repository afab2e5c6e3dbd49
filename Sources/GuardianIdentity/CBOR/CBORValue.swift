/// A value of CBOR (RFC 8949), as far as authenticators write it: whole numbers, bytes, texts, lists, maps, and the three
/// simple values. Tags and floating-point numbers do not occur in what we read.
package indirect enum CBORValue: Hashable, Sendable {
    case unsigned(UInt64)
    /// −1 − n: so `.negative(6)` is −7.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBORValue])
    /// Each key once, in the order of the bytes.
    case map([CBORPair])
    case bool(Bool)
    case null

    /// A whole number; `nil` for anything else, and beyond 64 bits with a sign.
    package var integer: Int64? {
        switch self {
        case .unsigned(let number): Int64(exactly: number)
        case .negative(let number): Int64(exactly: number).map { -1 - $0 }
        default: nil
        }
    }

    package var byteString: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    package var pairs: [CBORPair]? {
        guard case .map(let pairs) = self else { return nil }
        return pairs
    }
}

/// A key of a map and its value.
package struct CBORPair: Hashable, Sendable {
    package let key: CBORValue
    package let value: CBORValue

    package init(key: CBORValue, value: CBORValue) {
        self.key = key
        self.value = value
    }
}

extension [CBORPair] {
    /// The value of a key that is a text; `nil` when the map does not have it.
    package subscript(_ text: String) -> CBORValue? { first { $0.key == .text(text) }?.value }

    /// The value of a key that is a whole number; `nil` when the map does not have it.
    package subscript(label label: Int64) -> CBORValue? { first { $0.key.integer == label }?.value }
}
