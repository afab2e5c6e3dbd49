import Foundation
import GuardianCore

/// A sealed clip in the archive, in one part or several.
public struct ArchivedClipView: Codable, Sendable, CameraNaming {
    public var clipId: ClipID
    /// The camera's alias; `null` when it is unknown.
    @Nullable public var camera: String?
    public var cameraId: CameraID
    public var startedAt: Moment
    /// Milliseconds; `null` until the clip's journal entry has arrived.
    @Nullable public var duration: Int64?
    public var status: ArchiveStatus
    /// The reason of the status, for people.
    @Nullable public var reason: String?
    /// Bytes of all parts, sealed.
    public var size: Int64
    /// Whether the owner holds it, so that neither its age nor the quota removes it.
    public var held: Bool
    @Nullable public var contentType: String?
    /// The events that it shows, as far as their journal entries have arrived.
    public var events: [EventID]
    /// Those of the events whose sealed pictures are in the archive.
    public var pictures: [EventID]
    /// In ascending order of their numbers.
    public var parts: [ArchivedPartView]

    public init(_ clip: ArchivedClip) {
        clipId = clip.id
        cameraId = clip.camera
        startedAt = clip.startedAt.moment
        duration = clip.duration
        status = clip.status
        reason = clip.reason
        size = clip.parts.reduce(0) { $0 + $1.size }
        held = clip.isHeld
        contentType = clip.contentType
        events = clip.events
        pictures = clip.pictures
        parts = clip.parts.map(ArchivedPartView.init)
    }
}

/// One part of a clip, with its receipt once it is stored.
public struct ArchivedPartView: Codable, Sendable {
    /// The part's number, from 0.
    public var part: Int
    public var status: ArchiveStatus
    /// Whether it ends before its clip does.
    public var interrupted: Bool
    /// Sealed bytes that have arrived.
    public var size: Int64
    /// The hash of the sealed file, once it is stored.
    @Nullable public var sha256: Hash256?
    @Nullable public var objectKey: String?
    @Nullable public var bucket: String?
    /// The recipients that it was sealed to.
    public var keyIds: [String]
    /// By the node's clock.
    public var startedAt: Moment
    @Nullable public var storedAt: Moment?
    @Nullable public var checkpoint: CheckpointView?

    public init(_ part: ArchivedPart) {
        self.part = part.number
        status = part.status
        interrupted = part.isInterrupted
        size = part.size
        sha256 = part.sha256
        objectKey = part.objectKey
        bucket = part.bucket
        keyIds = part.keyIDs
        startedAt = part.startedAt.moment
        storedAt = part.storedAt?.moment
        checkpoint = part.checkpoint.map(CheckpointView.init)
    }
}

/// The newest checkpoint of a part.
public struct CheckpointView: Codable, Sendable {
    /// Bytes of plaintext that it covers.
    public var plaintextLength: Int64
    /// By the device's clock.
    public var at: Moment
    /// The 144 signed bytes, base64.
    public var signed: Data

    public init(_ checkpoint: ArchivedPart.Checkpoint) {
        plaintextLength = checkpoint.plaintextLength
        at = checkpoint.at.moment
        signed = Data(checkpoint.signed)
    }
}
