import Foundation
import GuardianCore

/// A clip that is being recorded: an append-only fragmented MP4 that is playable up to its last fragment at any time.
///
/// Its timeline starts at 0 with its first packet. Used by one thread at a time.
public final class ClipFile {
    /// Size, duration and hash of a closed clip.
    public struct Summary: Sendable, Hashable {
        /// Bytes.
        public var size: Int64
        /// Time of its video, in whole milliseconds.
        public var duration: Duration
        /// SHA-256 of the whole file.
        public var sha256: Hash256
    }

    /// The longest fragment. A crash loses no more, and the archive can seal the clip while it grows.
    public static let fragmentLimit = Ticks.seconds(1)

    /// `video/mp4; codecs="…"`.
    public let contentType: String
    private let file: AppendOnlyFile
    private let fragmenter: Fragmenter
    private let padding: FragmentPadding?
    private var index = MovieIndex(track: 1)
    private var end = Ticks.zero

    /// Creates the file and writes its first packet, a keyframe, as a fragment of its own, so that the clip is playable
    /// even when the recorder crashes immediately afterwards.
    ///
    /// - Parameter padding: aligns the ends of fragments when the clip is sealed while it grows.
    /// - Throws: `alreadyExists`, `resourceExhausted` (disk full), `failedPrecondition` (a codec that cannot be
    ///   recorded); no file is left then.
    public init(
        creating url: URL, stream: StreamDescription, first: Packet, padding: FragmentPadding? = nil
    ) throws {
        guard first.kind == .video, first.isKeyframe else {
            throw GuardianError(.invalidArgument, "A clip must start with a keyframe.")
        }
        fragmenter = try Fragmenter(stream: stream, origin: first.dts, limit: Self.fragmentLimit)
        self.padding = padding
        contentType = stream.contentType
        file = try AppendOnlyFile(creating: url)
        do {
            try file.append(fragmenter.initSegment)
            try append(first)
            try flush()
        } catch {
            unlink(url.path)
            throw error
        }
    }

    /// The source's time that is time 0 in the clip.
    public var origin: Ticks { fragmenter.origin }

    /// Whether it has a track for sound.
    public var hasSound: Bool { fragmenter.hasSound }

    /// Bytes of the complete fragments written so far, which can be played and served.
    public var size: Int64 { file.size }

    /// Time of the video written so far, in whole milliseconds.
    public var duration: Duration { .milliseconds(MediaTime(end).milliseconds) }

    /// Appends a packet and writes fragments as soon as they are complete. After an error the file ends with its last
    /// complete fragment and may still be closed.
    public func append(_ packet: Packet) throws {
        for fragment in try fragmenter.append(packet) { try write(fragment) }
    }

    private func write(_ fragment: Fragment) throws {
        let offset = file.size
        let end = offset + Int64(fragment.bytes.count)
        // One write: a crash can truncate a fragment with its padding, but not leave a fragment without it.
        try file.append(fragment.bytes + (padding?.box(after: end) ?? []))
        if fragment.startsWithKeyframe { index.entries.append(.init(time: fragment.start.count, offset: offset)) }
        self.end = max(self.end, fragment.end)
    }

    /// Writes the pending packets as a fragment, so that they can be played.
    public func flush() throws {
        if let fragment = try fragmenter.flush() { try write(fragment) }
    }

    /// Syncs the written bytes to the disk.
    public func sync() throws { try file.sync() }

    /// Writes the pending packets and the index, syncs and closes the file. When the disk is full, the index is left
    /// out: the clip plays without it.
    public func close() throws -> Summary {
        do {
            try flush()
            try file.append(index.bytes)
        } catch let error as GuardianError where error.code == .resourceExhausted {
            // What was written before stays valid.
        }
        let hash = try file.close()
        return Summary(size: file.size, duration: duration, sha256: hash)
    }
}
