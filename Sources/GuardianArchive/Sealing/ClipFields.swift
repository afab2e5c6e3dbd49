import Foundation
import GuardianCore

/// What a clip's header says that is not a key.
public struct ClipFields: Hashable, Sendable {
    public var contentType: String
    /// The clip's id, or for a snapshot its event's.
    public var subject: UUID
    /// Characters of `[A-Za-z0-9._/-]`.
    public var camera: String
    /// 0 for the first file; a later one names the `bind` of the file before.
    public var part: Int
    public var previous: Hash256?
    public var layout: SegmentLayout

    /// A part of a clip; `after` is the `bind` of the part before, and `nil` makes it part 0.
    public init(clip: ClipID, camera: CameraID, part: Int = 0, after previous: Hash256? = nil) throws {
        try self.init(
            contentType: "video/mp4", subject: clip.uuid, camera: camera.description, part: part, previous: previous)
    }

    /// An event's snapshot.
    public init(snapshotOf event: EventID, camera: CameraID) throws {
        try self.init(contentType: "image/jpeg", subject: event.uuid, camera: camera.description)
    }

    /// - Throws: `invalidArgument` when a text has other characters than a header may, or part and previous do not go
    ///   together.
    public init(
        contentType: String, subject: UUID, camera: String, part: Int = 0, previous: Hash256? = nil,
        segmentSize: Int = SealedFormat.segmentSize
    ) throws {
        for text in [contentType, camera] {
            guard !text.isEmpty, text.utf8.count <= 1024, text.utf8.allSatisfy(ExactJSON.isPlain) else {
                throw GuardianError(
                    .invalidArgument, "A sealed clip's header has texts of letters, digits and . _ / - only.")
            }
        }
        guard UInt32(exactly: part) != nil, (part == 0) == (previous == nil) else {
            throw GuardianError(
                .invalidArgument, "Part 0 of a clip follows none; every later part names the one before.")
        }
        self.contentType = contentType
        self.subject = subject
        self.camera = camera
        self.part = part
        self.previous = previous
        layout = try SegmentLayout(segmentSize: segmentSize)
    }
}
