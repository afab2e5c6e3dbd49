/// The NAL units of an H.264 or H.265 byte stream (Annex B of both standards: each follows a start code 00 00 01).
struct AnnexB: Sequence {
    let bytes: UnsafeRawBufferPointer

    struct Iterator: IteratorProtocol {
        fileprivate let bytes: UnsafeRawBufferPointer
        fileprivate var start: Int?

        /// Returns the next unit without its start code and trailing zeros.
        mutating func next() -> UnsafeRawBufferPointer? {
            guard let begin = start else { return nil }
            var end = bytes.count
            if let code = AnnexB.startCode(in: bytes, from: begin) {
                end = code
                start = code + 3
            } else {
                start = nil
            }
            while end > begin, bytes[end - 1] == 0 { end -= 1 }
            return UnsafeRawBufferPointer(rebasing: bytes[begin..<end])
        }
    }

    func makeIterator() -> Iterator {
        Iterator(bytes: bytes, start: Self.startCode(in: bytes, from: 0).map { $0 + 3 })
    }

    /// Whether a unit is a slice of a picture of this codec. Reads up to the first one.
    func hasSlice(_ codec: VideoCodec) -> Bool {
        var offset = 0
        while let code = Self.startCode(in: bytes, from: offset) {
            offset = code + 3
            if offset < bytes.count, codec.isSlice(bytes[offset]) { return true }
        }
        return false
    }

    /// Returns the offset of the next 00 00 01.
    private static func startCode(in bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        var offset = from
        while offset + 2 < bytes.count {
            if bytes[offset + 2] > 1 {
                offset += 3
            } else if bytes[offset] == 0, bytes[offset + 1] == 0, bytes[offset + 2] == 1 {
                return offset
            } else {
                offset += 1
            }
        }
        return nil
    }
}

extension VideoCodec {
    /// Whether a NAL unit with this first byte is a slice of a picture (table 7-1 of H.264 and of H.265).
    func isSlice(_ header: UInt8) -> Bool {
        switch self {
        case .h264: (1...5).contains(header & 0x1F)
        case .h265: header >> 1 & 0x3F < 32
        case .other: false
        }
    }
}

/// Reads bits and Exp-Golomb codes (ITU-T H.264, 9.1) of a raw byte sequence payload, without its emulation prevention
/// bytes (00 00 03). Returns `nil` past the end.
struct BitReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(payload: some Sequence<UInt8>) {
        var clean: [UInt8] = []
        var zeros = 0
        for byte in payload {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            clean.append(byte)
        }
        bytes = clean
    }

    mutating func bit() -> Bool? { bits(1).map { $0 == 1 } }

    /// Up to 64 bits, most significant first.
    mutating func bits(_ count: Int) -> UInt64? {
        guard offset + count <= bytes.count * 8 else { return nil }
        var value: UInt64 = 0
        for _ in 0..<count {
            value = value << 1 | UInt64(bytes[offset >> 3] >> (7 - UInt8(offset & 7)) & 1)
            offset += 1
        }
        return value
    }

    mutating func skip(_ count: Int) -> Bool {
        guard offset + count <= bytes.count * 8 else { return false }
        offset += count
        return true
    }

    /// ue(v), up to 32 bits.
    mutating func unsigned() -> Int? {
        var zeros = 0
        while true {
            guard let bit = bit() else { return nil }
            if bit { break }
            zeros += 1
            guard zeros <= 32 else { return nil }
        }
        guard let rest = bits(zeros) else { return nil }
        return Int((UInt64(1) << UInt64(zeros)) - 1 + rest)
    }

    /// se(v).
    mutating func signed() -> Int? {
        unsigned().map { $0 & 1 == 1 ? ($0 + 1) / 2 : -($0 / 2) }
    }
}
