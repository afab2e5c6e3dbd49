import Foundation
import GuardianCore

/// A clip's content from an offset on as a separate MP4: the init segment, then the fragments from a keyframe on.
public struct ClipContinuation: Sendable, Hashable {
    /// `ftyp` and `moov`.
    public var initSegment: [UInt8]
    /// Offset of its first fragment in the clip's file: the last fragment at or before the requested offset that starts
    /// with a keyframe.
    public var start: Int64

    /// Reads a clip's file, which may still be growing.
    ///
    /// - Throws: `dataLoss` when it has no complete fragment that starts with a keyframe.
    public init(of url: URL, from offset: Int64) throws {
        let descriptor = Foundation.open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GuardianError.disk(errno, "Opening the clip \(url.lastPathComponent)") }
        defer { Foundation.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw GuardianError.disk(errno, "Opening the clip \(url.lastPathComponent)")
        }
        let reader = BoxReader(descriptor: descriptor, length: Int64(status.st_size))
        guard let walk = ClipWalk(reader), let first = walk.index.entries.first,
            let start = walk.index.entries.last(where: { $0.offset <= offset }) ?? walk.index.entries.first,
            let initSegment = reader.bytes(0..<first.offset)
        else {
            throw GuardianError(.dataLoss, "There is no complete fragment in the clip \(url.lastPathComponent).")
        }
        self.initSegment = initSegment
        self.start = start.offset
    }
}
