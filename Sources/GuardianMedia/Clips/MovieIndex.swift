/// The random access index behind a fragmented mp4 (`mfra`, ISO/IEC 14496-12, 8.8.9): where the fragments lie that begin
/// with a keyframe, so that players seek without walking over all of them.
struct MovieIndex {
    struct Entry: Equatable {
        /// In units of the track's timescale.
        var time: Int64
        /// Of the `moof` box in the file.
        var offset: Int64
    }

    var track: UInt32
    var entries: [Entry] = []

    /// The box.
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
