extension StreamDescription {
    /// Bytes of a sample entry before its own boxes (ISO/IEC 14496-12, 12.1.3 and 12.2.3).
    private static let videoEntry = 78
    private static let audioEntry = 28

    /// Reads codec, parameter sets and size from a `moov` box, without libav: no decoder sees a file whose content a camera
    /// chose. `nil` when it describes no H.264 or H.265.
    init?(moov: [UInt8]) {
        var video: StreamDescription?
        var audio: AudioDescription?
        for track in moov.boxes() where track.type == "trak" {
            guard let table = track.contents.first("mdia")?.first("minf")?.first("stbl")?.first("stsd"),
                // Version, flags and the number of entries precede the first entry.
                let entry = Array(table.dropFirst(8)).boxes().first
            else { continue }
            if video == nil { video = Self.video(entry.type, entry.contents) }
            if audio == nil, entry.type == "mp4a" { audio = AudioDescription(sampleEntry: entry.contents) }
        }
        guard var found = video else { return nil }
        found.audio = audio
        self = found
    }

    private static func video(_ type: String, _ entry: [UInt8]) -> StreamDescription? {
        let codec: VideoCodec
        let record: String
        switch type {
        case "avc1", "avc3": (codec, record) = (.h264, "avcC")
        case "hvc1", "hev1": (codec, record) = (.h265, "hvcC")
        default: return nil
        }
        guard let extradata = Array(entry.dropFirst(videoEntry)).first(record) else { return nil }
        return StreamDescription(
            codec: codec, extradata: extradata, width: Int(entry.uint32(24) >> 16),
            height: Int(entry.uint32(24) & 0xFFFF))
    }
}

extension AudioDescription {
    /// Reads the AudioSpecificConfig of an `mp4a` sample entry (ISO/IEC 14496-14, 6.7.2); `nil` when it has none.
    fileprivate init?(sampleEntry entry: [UInt8]) {
        guard let box = Array(entry.dropFirst(28)).first("esds") else { return nil }
        var reader = DescriptorReader(bytes: box.dropFirst(4))
        // ES_Descriptor: an identifier and flags; DecoderConfigDescriptor: 13 bytes (ISO/IEC 14496-1, 7.2.6.5 and 7.2.6.6).
        guard reader.enter(3), let flags = reader.skipIdentifier(), flags == 0, reader.enter(4), reader.skip(13),
            reader.enter(5), !reader.bytes.isEmpty
        else { return nil }
        self.init(
            configuration: Array(reader.bytes), sampleRate: Int(entry.uint32(24) >> 16),
            channels: Int(entry.uint32(16) >> 16))
    }
}

/// Reads nested descriptors (ISO/IEC 14496-1, 8.3.3).
private struct DescriptorReader {
    var bytes: ArraySlice<UInt8>

    /// Enters the descriptor that begins here; returns whether it has this tag.
    mutating func enter(_ tag: UInt8) -> Bool {
        guard bytes.popFirst() == tag else { return false }
        var size = 0
        for _ in 0..<4 {
            guard let byte = bytes.popFirst() else { return false }
            size = size << 7 | Int(byte & 0x7F)
            guard byte & 0x80 != 0 else { break }
        }
        guard size <= bytes.count else { return false }
        bytes = bytes.prefix(size)
        return true
    }

    mutating func skip(_ count: Int) -> Bool {
        guard bytes.count >= count else { return false }
        bytes = bytes.dropFirst(count)
        return true
    }

    /// Skips an elementary stream's identifier and returns its flags.
    mutating func skipIdentifier() -> UInt8? { skip(2) ? bytes.popFirst() : nil }
}
