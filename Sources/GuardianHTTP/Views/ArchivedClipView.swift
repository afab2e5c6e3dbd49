import Foundation
import GuardianCore

/// How far a clip, or a part of one, has come into the archive.
public enum ArchiveStatus: String, Codable, Sendable, Hashable, CaseIterable {
    /// Announced; nothing of it has come yet.
    case pending
    /// It comes, or lies at the node and goes to the store.
    case uploading
    /// The store has all of it.
    case stored
    /// The store has it up to where its recorder fell silent.
    case interrupted
    /// The store does not take it now, and the node goes on trying; or it had it, and has it no more. `reason` says which.
    case failed
    /// There was no room for it.
    case refused
}

/// A clip as the archive holds it: sealed, in one part or several.
public struct ArchivedClipView: Codable, Sendable, CameraNaming {
    public var clipId: ClipID
    /// The camera's alias; `null` where none is known.
    @Nullable public var camera: String?
    public var cameraId: CameraID
    public var startedAt: Moment
    /// Milliseconds; `null` until the journal tells.
    @Nullable public var duration: Int64?
    public var status: ArchiveStatus
    /// For a person.
    @Nullable public var reason: String?
    /// Bytes of all parts, sealed.
    public var size: Int64
    /// Whether no retention and no lack of room removes it.
    public var held: Bool
    @Nullable public var contentType: String?
    /// The events that it shows, as far as the journal has told.
    public var events: [EventID]
    /// Those of them whose sealed pictures are here.
    public var pictures: [EventID]
    /// In order.
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

/// One sealed file of a clip: its receipt once it is stored.
public struct ArchivedPartView: Codable, Sendable {
    /// From 0.
    public var part: Int
    public var status: ArchiveStatus
    /// It ends before its clip does.
    public var interrupted: Bool
    /// Bytes that are here, sealed.
    public var size: Int64
    /// Of the sealed file, once it is stored.
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

/// What the device said, and signed, of a part while it was recorded; the newest of its kind.
public struct CheckpointView: Codable, Sendable {
    /// Bytes of plaintext that it speaks of.
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
