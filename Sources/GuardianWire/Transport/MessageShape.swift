/// How many messages a message may have in it. An empty one takes two bytes on the wire and some hundred once it is decoded, so
/// that the largest message would become half a gigabyte. They are counted before anything is decoded.
public struct MessageShape: Sendable {
    /// A field with messages.
    public struct Field: Sendable {
        /// How often it may occur in one message.
        var limit: Int
        var shape: MessageShape

        /// A field that occurs at most once has a limit of 1.
        public init(_ limit: Int = 1, _ fields: [UInt64: Field] = [:]) {
            self.limit = limit
            shape = MessageShape(fields)
        }
    }

    /// The fields with messages, by number; others are not counted.
    let fields: [UInt64: Field]

    public init(_ fields: [UInt64: Field]) { self.fields = fields }

    /// Whether the bytes are well-formed fields and have no more messages in them than the shape allows, nor than `limit`
    /// altogether. Groups, which proto3 does not have, are not well-formed here.
    public func holds(_ bytes: [UInt8], limit: Int) -> Bool {
        var rest = limit
        return take(bytes[...], from: &rest)
    }

    private func take(_ bytes: ArraySlice<UInt8>, from rest: inout Int) -> Bool {
        var fieldBytes = WireBytes(rest: bytes)
        var counts: [UInt64: Int] = [:]
        while !fieldBytes.rest.isEmpty {
            guard let tag = fieldBytes.number(), tag <= UInt32.max else { return false }
            switch tag & 7 {
            case 0: guard fieldBytes.number() != nil else { return false }
            case 1: guard fieldBytes.bytes(8) != nil else { return false }
            case 2:
                guard let count = fieldBytes.number(), let content = fieldBytes.bytes(count) else { return false }
                guard let field = fields[tag >> 3] else { continue }
                counts[tag >> 3, default: 0] += 1
                rest -= 1
                guard rest >= 0, counts[tag >> 3, default: 0] <= field.limit, field.shape.take(content, from: &rest)
                else {
                    return false
                }
            case 5: guard fieldBytes.bytes(4) != nil else { return false }
            default: return false
            }
        }
        return true
    }
}

/// The bytes of a message that were not read yet ("Protocol Buffers: Encoding").
private struct WireBytes {
    var rest: ArraySlice<UInt8>

    /// A number in 7-bit groups, the lowest first; `nil` when it does not end within 10 bytes.
    mutating func number() -> UInt64? {
        var number: UInt64 = 0
        for (index, byte) in rest.prefix(10).enumerated() {
            number |= UInt64(byte & 0x7F) << UInt64(7 * index)
            guard byte & 0x80 == 0 else { continue }
            rest = rest.dropFirst(index + 1)
            return number
        }
        return nil
    }

    /// `nil` when there are fewer.
    mutating func bytes(_ count: UInt64) -> ArraySlice<UInt8>? {
        guard count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}
