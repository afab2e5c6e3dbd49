import Crypto
import Foundation
import GuardianCore
import GuardianOperations

extension ClipFile {
    /// A clip file that was not closed, or that is not in the journal.
    public struct Adopted: Sendable, Hashable {
        public var summary: Summary
        /// The file was closed properly and is complete.
        public var isComplete: Bool
        /// Bytes of an incomplete fragment that were cut off at the end.
        public var tornBytes: Int64
        /// `video/mp4; codecs="…"`.
        public var contentType: String
    }

    /// Turns a file that a crash or a power cut left behind into a complete clip: truncates it after its last complete
    /// fragment, appends the index, syncs and hashes it. A file that was closed properly is only read. Idempotent. Reads
    /// boxes and decodes nothing.
    ///
    /// - Throws: `dataLoss` when there is no complete fragment; the file is not changed.
    public static func adopt(_ url: URL) throws -> Adopted {
        let descriptor = Foundation.open(url.path, O_RDWR | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw GuardianError.disk(errno, "Opening the clip \(url.lastPathComponent)") }
        defer { Foundation.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw GuardianError.disk(errno, "Opening the clip \(url.lastPathComponent)")
        }
        let length = Int64(status.st_size)
        guard let walk = ClipWalk(BoxReader(descriptor: descriptor, length: length)) else {
            throw GuardianError(.dataLoss, "There is no complete fragment in the clip \(url.lastPathComponent).")
        }
        if !walk.isComplete { try finish(descriptor, walk, length, url.lastPathComponent) }
        let (size, hash) = try digest(descriptor, url.lastPathComponent)
        return Adopted(
            summary: Summary(size: size, duration: walk.duration, sha256: hash), isComplete: walk.isComplete,
            tornBytes: walk.isComplete ? 0 : length - walk.end,
            contentType: walk.description?.contentType ?? "video/mp4")
    }

    private static func finish(_ descriptor: Int32, _ walk: ClipWalk, _ length: Int64, _ name: String) throws {
        if walk.end < length {
            guard ftruncate(descriptor, off_t(walk.end)) == 0 else {
                throw GuardianError.disk(errno, "Repairing \(name)")
            }
        }
        let bytes = walk.index.bytes
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count != bytes.count {
            // A clip plays without an index; a partially written index is removed.
            guard ftruncate(descriptor, off_t(walk.end)) == 0 else {
                throw GuardianError.disk(errno, "Repairing \(name)")
            }
        }
        guard fsync(descriptor) == 0 else { throw GuardianError.disk(errno, "Saving \(name)") }
    }

    /// Returns size and SHA-256 of a file.
    static func digest(of url: URL) throws -> (Int64, Hash256) {
        let descriptor = Foundation.open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GuardianError.disk(errno, "Opening \(url.lastPathComponent)") }
        defer { Foundation.close(descriptor) }
        return try digest(descriptor, url.lastPathComponent)
    }

    private static func digest(_ descriptor: Int32, _ name: String) throws -> (Int64, Hash256) {
        var hash = SHA256()
        var size: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count: Int
            do {
                count = try buffer.withUnsafeMutableBytes { try FileBytes.read(descriptor, into: $0, at: size) }
            } catch let failure as SystemFailure { throw GuardianError.disk(failure.number, "Reading \(name)") }
            guard count > 0 else { break }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            size += Int64(count)
        }
        return (size, Hash256(digest: hash.finalize()))
    }
}

/// Walks over a clip's fragments, up to the last complete one.
struct ClipWalk {
    private(set) var index: MovieIndex
    /// Offset of the end of the last complete fragment.
    private(set) var end: Int64 = 0
    /// Time of its video, in whole milliseconds.
    private(set) var duration = Duration.zero
    /// What the tracks hold; `nil` when that is neither H.264 nor H.265.
    private(set) var description: StreamDescription?
    /// The index follows the last fragment and ends the file.
    private(set) var isComplete = false

    /// Returns `nil` when there is no complete fragment.
    init?(_ reader: BoxReader) {
        var offset: Int64 = 0
        var track: MovieTracks.Track?
        var isFound = false
        index = MovieIndex(track: 1)
        var latest: Int64 = 0
        while let box = reader.box(at: offset) {
            offset = box.end
            switch box.type {
            case "moov":
                guard let contents = reader.contents(of: box), let video = MovieTracks(moov: contents)?.video else {
                    return nil
                }
                track = video
                index.track = video.id
                description = StreamDescription(moov: contents)
            case "moof":
                guard let track, let contents = reader.contents(of: box), let media = reader.box(at: box.end),
                    media.type == "mdat"
                else { break }
                offset = media.end
                if let fragment = MovieFragment(moof: contents, track: track) {
                    if fragment.startsWithKeyframe {
                        index.entries.append(.init(time: fragment.start, offset: box.offset))
                    }
                    latest = max(latest, fragment.end)
                }
                (end, isFound) = (offset, true)
                continue
            case "mfra":
                isComplete = isFound && box.end == reader.length
            case "ftyp", "styp", "free", "skip", "sidx", "uuid", "prft", "emsg":
                if isFound { end = offset }
                continue
            default:
                break
            }
            if box.type == "moov" { continue }
            break
        }
        guard isFound, let track else { return nil }
        let (seconds, rest) = latest.quotientAndRemainder(dividingBy: Int64(track.timescale))
        duration = .milliseconds(
            min(seconds * 1000 + rest * 1000 / Int64(track.timescale), Plausible.duration.upperBound))
    }
}
