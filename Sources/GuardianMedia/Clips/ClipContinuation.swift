import Foundation
import GuardianCore

/// How a clip's file goes on from a place in it as a film of its own: its init segment, then the fragments from a
/// keyframe on.
public struct ClipContinuation: Sendable, Hashable {
    /// `ftyp` and `moov`.
    public var initSegment: [UInt8]
    /// Where its first fragment begins in the clip's file: the newest keyframe at or before the place.
    public var start: Int64

    /// Reads a clip's file, which may still grow.
    ///
    /// - Throws: `dataLoss` when it holds no whole fragment that begins with a keyframe.
    public init(of url: URL, from place: Int64) throws {
        let descriptor = Foundation.open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GuardianError.disk(errno, "Opening the clip \(url.lastPathComponent)") }
        defer { Foundation.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw GuardianError.disk(errno, "Opening the clip \(url.lastPathComponent)")
        }
        let reader = BoxReader(descriptor: descriptor, length: Int64(status.st_size))
        guard let walk = ClipWalk(reader), let first = walk.index.entries.first,
            let start = walk.index.entries.last(where: { $0.offset <= place }) ?? walk.index.entries.first,
            let initSegment = reader.bytes(0..<first.offset)
        else {
            throw GuardianError(.dataLoss, "There is no whole fragment in the clip \(url.lastPathComponent).")
        }
        self.initSegment = initSegment
        self.start = start.offset
    }
}
