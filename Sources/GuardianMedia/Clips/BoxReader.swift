import Foundation
import GuardianCore
import GuardianOperations

/// One box of an MP4 file (ISO/IEC 14496-12, 4.2).
struct MovieBox: Equatable {
    /// Four characters.
    var type: String
    /// Its start in the file.
    var offset: Int64
    /// Bytes, including its header.
    var size: Int64
    var headerSize: Int64

    var end: Int64 { offset + size }
}

/// Reads the box structure of a file without the boxes' contents.
struct BoxReader {
    let descriptor: Int32
    let length: Int64

    /// Returns the box at `offset`; `nil` at the end, and when there is no complete box.
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

    /// Returns a box's contents; `nil` when it cannot be read, or is larger than `limit`: a fragment of a second has some
    /// kilobytes beside its `mdat`.
    func contents(of box: MovieBox, limit: Int64 = 1 << 20) -> [UInt8]? {
        guard box.size <= limit else { return nil }
        return read(box.offset + box.headerSize, Int(box.size - box.headerSize))
    }

    /// Returns a range of the file; `nil` when it is not completely in the file.
    func bytes(_ range: Range<Int64>) -> [UInt8]? { read(range.lowerBound, Int(range.count)) }

    private func read(_ offset: Int64, _ count: Int) -> [UInt8]? {
        guard offset >= 0, offset + Int64(count) <= length else { return nil }
        let bytes = try? FileBytes.read(descriptor, at: offset, count: count)
        return bytes?.count == count ? bytes : nil
    }
}

extension [UInt8] {
    /// Reads a big-endian integer; 0 past the end.
    func uint32(_ offset: Int) -> UInt32 {
        guard offset >= 0, offset + 4 <= count else { return 0 }
        return self[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads a big-endian integer; 0 past the end.
    func uint64(_ offset: Int) -> UInt64 {
        guard offset >= 0, offset + 8 <= count else { return 0 }
        return self[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Returns the complete boxes in the contents of a box.
    func boxes() -> [(type: String, contents: [UInt8])] {
        var result: [(String, [UInt8])] = []
        var offset = 0
        while offset + 8 <= count {
            let size = Int(uint32(offset))
            guard size >= 8, size <= count - offset else { break }
            result.append(
                (
                    String(decoding: self[offset + 4..<offset + 8], as: UTF8.self),
                    Array(self[offset + 8..<offset + size])
                ))
            offset += size
        }
        return result
    }

    /// Returns the contents of the first box of this type in the contents of a box.
    func first(_ type: String) -> [UInt8]? { boxes().first { $0.type == type }?.contents }
}
