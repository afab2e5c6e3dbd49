import GuardianCore

/// How far a clip or snapshot is on its way into the archive.
public enum ClipArchiveState: String, Sendable, Hashable, Codable {
    /// It is to be archived; nothing was sent yet.
    case waiting
    /// Its parts are being sent, possibly while it is still recorded.
    case uploading
    /// The archive has all of it.
    case stored
    /// The archive has some of it, and the rest is lost.
    case interrupted
    /// The node refused it for now, for lack of room; it is tried again.
    case refused
    /// It will never be in the archive.
    case failed
}

/// A clip in the ledger.
public struct LedgerClip: Sendable, Hashable {
    public var clip: ClipID
    public var camera: CameraID
    public var state: ClipArchiveState
    /// Why it is in this state, for a person.
    public var reason: String?
    /// Object key of its first part.
    public var objectKey: String?
}

/// One part in the ledger.
struct LedgerPart: Sendable, Hashable {
    var number: Int
    /// Offset of its first fragment in the clip's file; 0 for the whole file.
    var start: Int64
    var bind: Hash256
    /// Bytes of the sealed file before its body.
    var prefixLength: Int64
    /// How much of it the node has; `nil` while it is being sent.
    var outcome: PartMark?
    /// Whether the node has acknowledged with a receipt that it is in the object store.
    var isStored = false
}

/// State of a part after one message to the node: the part may end there.
struct PartMark: Sendable, Hashable {
    /// Bytes of the sealed file.
    var sealedLength: Int64
    /// Bytes of plaintext in them.
    var plaintextLength: Int64
    var lastingLength: Int64
    /// `nil` when a power cut lost the mark with the hash.
    var lastingHash: Hash256?
    var isComplete: Bool
}
