/// The random access index at the end of a fragmented MP4 (`mfra`, ISO/IEC 14496-12, 8.8.9): the offsets of fragments
/// that start with a keyframe, so that players can seek without scanning the file.
struct MovieIndex {
    struct Entry: Equatable {
        /// In units of the track's timescale.
        var time: Int64
        /// Offset of the `moof` box in the file.
        var offset: Int64
    }

    var track: UInt32
    var entries: [Entry] = []

    /// The encoded `mfra` box.
    var bytes: [UInt8] {
        var table: [UInt8] = [1, 0, 0, 0]
        table.append(bigEndian: track)
        table.append(bigEndian: UInt32(0))
        table.append(bigEndian: UInt32(entries.count))
        for entry in entries {
            table.append(bigEndian: UInt64(entry.time))
            table.append(bigEndian: UInt64(entry.offset))
            table += [1, 1, 1]
        }
        var index = Self.box("tfra", table)
        let total = UInt32(8 + index.count + 16)
        var size: [UInt8] = [0, 0, 0, 0]
        size.append(bigEndian: total)
        index += Self.box("mfro", size)
        return Self.box("mfra", index)
    }

    private static func box(_ type: String, _ contents: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt32(8 + contents.count))
        return bytes + Array(type.utf8) + contents
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        var shift = value.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
