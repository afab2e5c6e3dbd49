import Foundation
import GuardianCore

/// The fields of a clip's header that are not keys.
public struct ClipFields: Hashable, Sendable {
    public var contentType: String
    /// The clip's id, or for a snapshot its event's.
    public var subject: UUID
    /// Characters of `[A-Za-z0-9._/-]`.
    public var camera: String
    /// 0 for the first file of a clip.
    public var part: Int
    /// The `bind` of the part before; `nil` for part 0.
    public var previous: Hash256?
    public var layout: SegmentLayout

    /// The fields of a part of a clip; `previous` is the `bind` of the part before, `nil` for part 0.
    public init(clip: ClipID, camera: CameraID, part: Int = 0, after previous: Hash256? = nil) throws {
        try self.init(
            contentType: "video/mp4", subject: clip.uuid, camera: camera.description, part: part, previous: previous)
    }

    /// The fields of an event's snapshot.
    public init(snapshotOf event: EventID, camera: CameraID) throws {
        try self.init(contentType: "image/jpeg", subject: event.uuid, camera: camera.description)
    }

    /// - Throws: `invalidArgument` when a text has characters that a header must not have, or `part` and `previous`
    ///   contradict each other.
    public init(
        contentType: String, subject: UUID, camera: String, part: Int = 0, previous: Hash256? = nil,
        segmentSize: Int = SealedFormat.segmentSize
    ) throws {
        for text in [contentType, camera] {
            guard !text.isEmpty, text.utf8.count <= 1024, text.utf8.allSatisfy(ExactJSON.isPlain) else {
                throw GuardianError(
                    .invalidArgument, "Texts in a sealed clip's header may have letters, digits and . _ / - only.")
            }
        }
        guard UInt32(exactly: part) != nil, (part == 0) == (previous == nil) else {
            throw GuardianError(
                .invalidArgument, "Part 0 of a clip has no part before it; every later part must name it.")
        }
        self.contentType = contentType
        self.subject = subject
        self.camera = camera
        self.part = part
        self.previous = previous
        layout = try SegmentLayout(segmentSize: segmentSize)
    }
}
