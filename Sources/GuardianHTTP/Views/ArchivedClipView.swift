import Foundation
import GuardianCore

/// The archiving status of a clip or of one of its parts.
public enum ArchiveStatus: String, Codable, Sendable, Hashable, CaseIterable {
    /// Announced; no bytes have arrived yet.
    case pending
    /// It is being received, or is in the node's spool on its way to the object store.
    case uploading
    /// The object store has all of it.
    case stored
    /// The object store has it up to the point where the recorder stopped sending.
    case interrupted
    /// The object store does not accept it and the node retries, or the store has lost it. `reason` says which.
    case failed
    /// The archive had no room for it.
    case refused
}

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

    public init(
        clipId: ClipID, cameraId: CameraID, startedAt: Timestamp, duration: Int64?, status: ArchiveStatus,
        reason: String?, held: Bool, contentType: String?, events: [EventID], pictures: [EventID] = [],
        parts: [ArchivedPartView]
    ) {
        self.clipId = clipId
        self.cameraId = cameraId
        self.startedAt = startedAt.moment
        self.duration = duration
        self.status = status
        self.reason = reason
        size = parts.reduce(0) { $0 + $1.size }
        self.held = held
        self.contentType = contentType
        self.events = events
        self.pictures = pictures
        self.parts = parts
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

    public init(
        part: Int, status: ArchiveStatus, interrupted: Bool, size: Int64, sha256: Hash256?, objectKey: String?,
        bucket: String?, keyIds: [String], startedAt: Timestamp, storedAt: Timestamp?, checkpoint: CheckpointView?
    ) {
        self.part = part
        self.status = status
        self.interrupted = interrupted
        self.size = size
        self.sha256 = sha256
        self.objectKey = objectKey
        self.bucket = bucket
        self.keyIds = keyIds
        self.startedAt = startedAt.moment
        self.storedAt = storedAt?.moment
        self.checkpoint = checkpoint
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

    public init(plaintextLength: Int64, at: Timestamp, signed: [UInt8]) {
        self.plaintextLength = plaintextLength
        self.at = at.moment
        self.signed = Data(signed)
    }
}
