import Foundation
import GuardianArchive
import GuardianCore
import GuardianMedia
import GuardianOperations

/// The plaintext of a part: for part 0 the clip's file; for a continuation the init segment and the file from a keyframe on.
/// The init segment is padded as in the file, so that fragments end at segment boundaries here too.
struct PartPlaintext: Sendable {
    /// Offset in the clip's file from which the part has its bytes.
    let start: Int64
    /// Init segment and padding of a continuation; empty for part 0.
    private let head: [UInt8]
    /// Path of the clip's file.
    let path: String

    /// Part 0: the whole file.
    init(path: String) {
        self.path = path
        start = 0
        head = []
    }

    /// A continuation: from the last keyframe at or before `place` on.
    ///
    /// - Throws: `dataLoss` when the file has no whole fragment; errors of opening it.
    init(path: String, continuingAt place: Int64) throws {
        let continuation = try ClipContinuation(of: URL(filePath: path), from: place)
        self.path = path
        start = continuation.start
        head =
            continuation.initSegment
            + (try ArchiveSettings.padding().box(after: Int64(continuation.initSegment.count)))
    }

    /// Returns the bytes of plaintext when the clip's file has `length` bytes.
    func length(ofFile length: Int64) -> Int64 { Int64(head.count) + max(0, length - start) }

    /// Returns the offset in the clip's file at which the first `length` bytes of plaintext end.
    func filePlace(of length: Int64) -> Int64 { start + max(0, length - Int64(head.count)) }

    /// Reads up to `count` bytes of plaintext; blocks. Returns fewer at the end of the init segment or of the file.
    ///
    /// - Throws: `notFound` when the file was deleted, `unavailable` when it cannot be read.
    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        if offset < Int64(head.count) {
            return Array(head[Int(offset)..<min(head.count, Int(offset) + count)])
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let failure = SystemFailure.last
            guard failure.number == ENOENT else {
                throw GuardianError(.unavailable, "The clip's file cannot be read.", cause: failure)
            }
            throw GuardianError(.notFound, "The clip's file is not on the disk any more.")
        }
        defer { close(descriptor) }
        do throws(SystemFailure) {
            return try FileBytes.read(descriptor, at: filePlace(of: offset), count: count)
        } catch { throw GuardianError(.unavailable, "The clip's file cannot be read.") }
    }
}
