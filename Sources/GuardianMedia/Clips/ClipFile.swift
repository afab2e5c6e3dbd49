import Foundation
import GuardianCore

/// A clip while it is recorded: an append-only fragmented mp4 that plays up to its last fragment at any time.
///
/// Its timeline begins at 0 with its first packet. One thread at a time.
public final class ClipFile {
    /// What a closed clip is.
    public struct Summary: Sendable, Hashable {
        /// Bytes.
        public var size: Int64
        /// Milliseconds of picture.
        public var duration: Int64
        /// Of the whole file.
        public var sha256: Hash256
    }

    /// The longest fragment, in ticks: one second, so that a crash costs no more and the archive can seal as it grows.
    public static let fragmentLimit: Int64 = MediaTicks.perSecond

    /// `video/mp4; codecs="…"`.
    public let contentType: String
    private let file: AppendOnlyFile
    private let fragmenter: Fragmenter
    private let padding: FragmentPadding?
    private var index = MovieIndex(track: 1)
    private var end: Int64 = 0

    /// Makes the file and writes its first packet, a keyframe, as a fragment of its own: from the moment a clip is there
    /// it can be played, however soon the recorder falls. Throws `alreadyExists`, `resourceExhausted` (disk full),
    /// `failedPrecondition` (a codec that no clip takes); then there is no file.
    ///
    /// - Parameter padding: where fragments end, when the clip is sealed while it grows.
    public init(
        creating url: URL, stream: StreamDescription, first: Packet, padding: FragmentPadding? = nil
    ) throws {
        guard first.kind == .video, first.isKeyframe else {
            throw GuardianError(.invalidArgument, "A clip begins with a keyframe.")
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

    /// The source's time, in ticks, that is 0 in the clip.
    public var origin: Int64 { fragmenter.origin }

    /// Bytes of the whole fragments written so far: what can be played and served.
    public var size: Int64 { file.size }

    /// Milliseconds of picture written so far.
    public var duration: Int64 { MediaTicks.milliseconds(end) }

    /// Takes a packet; whole fragments go to the file at once. After an error the file ends with its last whole fragment
    /// and may still be closed.
    public func append(_ packet: Packet) throws {
        for fragment in try fragmenter.append(packet) { try write(fragment) }
    }

    private func write(_ fragment: Fragment) throws {
        let offset = file.size
        let end = offset + Int64(fragment.bytes.count)
        // One write: what a fall cuts is one fragment with its padding, not a padding that stands alone.
        try file.append(fragment.bytes + (padding?.box(after: end) ?? []))
        if fragment.startsWithKeyframe { index.entries.append(.init(time: fragment.start, offset: offset)) }
        self.end = max(self.end, fragment.end)
    }

    /// Writes what is pending as a fragment, so that it can be played.
    public func flush() throws {
        if let fragment = try fragmenter.flush() { try write(fragment) }
    }

    /// Puts on the disk what was written.
    public func sync() throws { try file.sync() }

    /// Writes the rest and the index, and puts everything on the disk. Where the disk is full, the index is left out: the
    /// clip plays without it.
    public func close() throws -> Summary {
        do {
            try flush()
            try file.append(index.bytes)
        } catch let error as GuardianError where error.code == .resourceExhausted {
            // Nothing that was written before is harmed by that.
        }
        let hash = try file.close()
        return Summary(size: file.size, duration: duration, sha256: hash)
    }
}
