import Foundation
import GuardianArchive
import GuardianCore
import GuardianMedia

/// What a part seals: the clip's file, or for a later part the init segment and the file from a keyframe on. Padded like
/// the file itself, so that its fragments end on segments' borders too.
struct PartPlaintext: Sendable {
    /// Where the file's bytes begin in the clip's file.
    let start: Int64
    /// Before them.
    private let head: [UInt8]
    private let path: String

    /// The whole file.
    init(path: String) {
        self.path = path
        start = 0
        head = []
    }

    /// From the newest keyframe at or before `place` on.
    ///
    /// - Throws: `dataLoss` when the file holds no whole fragment, and what opening it throws.
    init(path: String, goingOnAt place: Int64) throws {
        let continuation = try ClipContinuation(of: URL(filePath: path), from: place)
        self.path = path
        start = continuation.start
        head =
            continuation.initSegment
            + (try ArchiveSettings.padding().box(after: Int64(continuation.initSegment.count)))
    }

    /// Bytes of plaintext of a file of `length` bytes.
    func length(ofFile length: Int64) -> Int64 { Int64(head.count) + max(0, length - start) }

    /// The place in the clip's file where so many bytes of plaintext end.
    func filePlace(of length: Int64) -> Int64 { start + max(0, length - Int64(head.count)) }

    /// Bytes of plaintext; blocks while it reads.
    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        if offset < Int64(head.count) {
            return Array(head[Int(offset)..<min(head.count, Int(offset) + count)])
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw GuardianError(.notFound, "The clip's file is not on the disk any more.")
        }
        defer { close(descriptor) }
        let place = filePlace(of: offset)
        var filled = 0
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while filled < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, count - filled, off_t(place) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                guard got > 0 else { break }
                filled += got
            }
            initialized = filled
        }
        guard !failed else { throw GuardianError(.unavailable, "The clip's file cannot be read.") }
        return bytes
    }
}
