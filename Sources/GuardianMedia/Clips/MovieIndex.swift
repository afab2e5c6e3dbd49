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

    init(track: UInt32) { self.track = track }

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

    /// Returns the box of the index that ends a file; `nil` when it ends otherwise, because it is still written or was cut off.
    static func box(endOf reader: BoxReader) -> MovieBox? {
        // `mfro`, the last box in `mfra`, has the size of that.
        guard let tail = reader.bytes(reader.length - 16..<reader.length), tail[4..<8].elementsEqual("mfro".utf8),
            let box = reader.box(at: reader.length - Int64(tail.uint32(12))), box.type == "mfra",
            box.end == reader.length
        else { return nil }
        return box
    }

    /// Reads what `bytes` has written; `nil` for an index of another form, or one whose entries do not increase.
    init?(mfra: [UInt8], track: UInt32) {
        guard let table = mfra.first("tfra"), table.first == 1, table.uint32(4) == track, table.uint32(8) == 0 else {
            return nil
        }
        let (head, size) = (16, 19)
        let count = Int(table.uint32(12))
        guard (1...Int(UInt16.max)).contains(count), table.count >= head + count * size else { return nil }
        self.track = track
        for number in 0..<count {
            guard let time = Int64(exactly: table.uint64(head + number * size)),
                let offset = Int64(exactly: table.uint64(head + number * size + 8)),
                entries.last.map({ $0.time <= time && $0.offset < offset }) != false
            else { return nil }
            entries.append(Entry(time: time, offset: offset))
        }
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
