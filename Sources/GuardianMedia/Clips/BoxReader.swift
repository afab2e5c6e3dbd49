import Foundation
import GuardianCore

/// One box of an mp4 file (ISO/IEC 14496-12, 4.2).
struct MovieBox: Equatable {
    /// Four characters.
    var type: String
    /// Where it begins in the file.
    var offset: Int64
    /// Bytes with its header.
    var size: Int64
    var headerSize: Int64

    var end: Int64 { offset + size }
}

/// Walks over the boxes of a file without reading what is in them.
struct BoxReader {
    let descriptor: Int32
    let length: Int64

    /// The box at `offset`; `nil` at the end, and where what stands there is no whole box.
    func box(at offset: Int64) -> MovieBox? {
        guard let header = read(offset, 8) else { return nil }
        var size = Int64(header.uint32(0))
        var headerSize: Int64 = 8
        if size == 1 {
            guard let large = read(offset + 8, 8) else { return nil }
            let value = large.uint64(0)
            guard value <= UInt64(length) else { return nil }
            size = Int64(value)
            headerSize = 16
        }
        let type = header[4..<8]
        guard size >= headerSize, size <= length - offset, type.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        return MovieBox(type: String(decoding: type, as: UTF8.self), offset: offset, size: size, headerSize: headerSize)
    }

    /// What is in a box; `nil` when it is larger than `limit` or cannot be read.
    func contents(of box: MovieBox, limit: Int64 = 1 << 24) -> [UInt8]? {
        guard box.size <= limit else { return nil }
        return read(box.offset + box.headerSize, Int(box.size - box.headerSize))
    }

    /// These bytes of the file; `nil` when they are not all there.
    func bytes(_ range: Range<Int64>) -> [UInt8]? { read(range.lowerBound, Int(range.count)) }

    private func read(_ offset: Int64, _ count: Int) -> [UInt8]? {
        guard offset >= 0, offset + Int64(count) <= length else { return nil }
        var place = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while place < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + place, count - place, off_t(offset) + off_t(place))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                place += got
            }
            filled = place
        }
        return place == count ? bytes : nil
    }
}

extension [UInt8] {
    /// Big endian.
    func uint32(_ place: Int) -> UInt32 {
        guard place >= 0, place + 4 <= count else { return 0 }
        return self[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Big endian.
    func uint64(_ place: Int) -> UInt64 {
        guard place >= 0, place + 8 <= count else { return 0 }
        return self[place..<place + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The boxes in the contents of a box, as far as they are whole.
    func boxes() -> [(type: String, contents: [UInt8])] {
        var found: [(String, [UInt8])] = []
        var place = 0
        while place + 8 <= count {
            let size = Int(uint32(place))
            guard size >= 8, size <= count - place else { break }
            found.append(
                (String(decoding: self[place + 4..<place + 8], as: UTF8.self), Array(self[place + 8..<place + size])))
            place += size
        }
        return found
    }

    /// The contents of the first box of that type in these.
    func first(_ type: String) -> [UInt8]? { boxes().first { $0.type == type }?.contents }
}
