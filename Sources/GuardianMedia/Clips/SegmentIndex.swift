import Foundation
import GuardianCore
import GuardianOperations

/// The segment index of a complete clip (`sidx`, ISO/IEC 14496-12, 8.16.3): where its keyframes are, at the beginning.
///
/// Without it, browsers go through a fragmented film piece by piece before they show any of it. The file itself has none, because sizes are
/// known only once it ends; so it is made of the index at the file's end (`MovieIndex`) and inserted while the file is served.
public struct SegmentIndex: Hashable, Sendable {
    /// Where in the file it belongs: before the first fragment.
    public let offset: Int64
    /// Where the fragments end. The file's own index follows, and its offsets are wrong once something is inserted.
    public let end: Int64
    /// The box.
    public let bytes: [UInt8]

    /// Reads two boxes at the file's beginning, its index, and the heads of its last fragments. Blocks the calling thread.
    ///
    /// - Returns: `nil` for a file that has no index, or one that does not fit it.
    public static func of(_ path: String) -> SegmentIndex? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return SegmentIndex(BoxReader(descriptor: descriptor, length: Int64(status.st_size)))
    }

    init?(_ reader: BoxReader) {
        guard let type = reader.box(at: 0), type.type == "ftyp", let movie = reader.box(at: type.end),
            movie.type == "moov", let track = reader.contents(of: movie).flatMap(MovieTracks.init(moov:))?.video,
            let table = MovieIndex.box(endOf: reader), let contents = reader.contents(of: table),
            let entries = MovieIndex(mfra: contents, track: track.id)?.entries, let first = entries.first,
            let last = entries.last, first.offset >= movie.end,
            let time = Self.end(of: last, before: table.offset, reader, track)
        else { return nil }
        var box = Header(track: track, first: first, anchor: movie.end, count: entries.count).bytes
        let next = entries.dropFirst() + [MovieIndex.Entry(time: time, offset: table.offset)]
        for (entry, next) in zip(entries, next) {
            // Sizes have 31 bits, durations 32. The highest bit says that a keyframe begins the segment.
            guard let size = Int32(exactly: next.offset - entry.offset), size > 0,
                let duration = UInt32(exactly: next.time - entry.time)
            else { return nil }
            box.append(bigEndian: size)
            box.append(bigEndian: duration)
            box.append(bigEndian: UInt32(0x9000_0000))
        }
        (offset, end, bytes) = (movie.end, table.offset, box)
    }

    /// What comes before the segments.
    private struct Header {
        let track: MovieTracks.Track
        let first: MovieIndex.Entry
        /// From where offsets are counted, once the index is there.
        let anchor: Int64
        let count: Int

        /// - Precondition: `MovieIndex` has at most `UInt16.max` entries.
        var bytes: [UInt8] {
            var bytes: [UInt8] = []
            bytes.append(bigEndian: UInt32(clamping: 40 + count * 12))
            bytes += Array("sidx".utf8) + [1, 0, 0, 0]
            bytes.append(bigEndian: track.id)
            bytes.append(bigEndian: track.timescale)
            bytes.append(bigEndian: first.time)
            bytes.append(bigEndian: first.offset - anchor)
            bytes.append(bigEndian: UInt32(clamping: count))
            return bytes
        }
    }

    /// Returns when the segment that begins at the last entry ends; `nil` when it has no fragment.
    private static func end(
        of last: MovieIndex.Entry, before limit: Int64, _ reader: BoxReader, _ track: MovieTracks.Track
    ) -> Int64? {
        var (offset, end) = (last.offset, Int64?.none)
        while offset < limit, let box = reader.box(at: offset) {
            offset = box.end
            guard box.type == "moof", let contents = reader.contents(of: box) else { continue }
            if let fragment = MovieFragment(moof: contents, track: track) { end = max(end ?? 0, fragment.end) }
        }
        return end
    }
}
