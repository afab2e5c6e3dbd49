extension StreamDescription {
    /// The `codecs` parameter of RFC 6381, such as `avc1.64001f` or `hvc1.1.6.L93.90`, with `,mp4a.40.2` if there is
    /// audio; `nil` for codecs that cannot be recorded, or when the parameter sets are damaged.
    public var codecs: String? {
        guard let video = videoCodecs else { return nil }
        guard let audio, let object = audio.objectType else { return video }
        return "\(video),mp4a.40.\(object)"
    }

    /// `video/mp4; codecs="…"`.
    public var contentType: String {
        guard let codecs else { return "video/mp4" }
        return "video/mp4; codecs=\"\(codecs)\""
    }

    private var videoCodecs: String? {
        guard let unit = ParameterSets(codec: codec, extradata: extradata).sequenceUnit else { return nil }
        switch codec {
        case .h264:
            guard unit.count > 3 else { return nil }
            return "avc1." + unit[1...3].map { Self.hex($0, digits: 2) }.joined()
        case .h265:
            return Self.h265(unit)
        case .other:
            return nil
        }
    }

    /// ISO/IEC 14496-15, annex E.3: profile, compatibility flags in reverse, tier and level, constraints.
    private static func h265(_ unit: [UInt8]) -> String? {
        var reader = BitReader(payload: unit.dropFirst(2))
        guard reader.skip(8), let space = reader.bits(2), let tier = reader.bit(), let profile = reader.bits(5),
            let flags = reader.bits(32), let constraints = reader.bits(48), let level = reader.bits(8)
        else { return nil }
        let reversed = (0..<32).reduce(UInt32(0)) { $0 | UInt32(flags >> UInt64($1) & 1) << UInt32(31 - $1) }
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: constraints >> UInt64(40 - 8 * $0)) }
        while bytes.last == 0 { bytes.removeLast() }
        let fields = [
            "hvc1", ["", "A", "B", "C"][Int(space)] + String(profile), String(reversed, radix: 16, uppercase: true),
            (tier ? "H" : "L") + String(level),
        ]
        return (fields + bytes.map { String($0, radix: 16, uppercase: true) }).joined(separator: ".")
    }

    private static func hex(_ byte: UInt8, digits: Int) -> String {
        let text = String(byte, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

extension AudioDescription {
    /// The MPEG-4 audio object type (ISO/IEC 14496-3, 1.6.2.1): 2 is AAC-LC.
    var objectType: Int? {
        var reader = BitReader(payload: configuration)
        guard let first = reader.bits(5) else { return nil }
        guard first == 31 else { return Int(first) }
        return reader.bits(6).map { 32 + Int($0) }
    }
}
