import GuardianCore

/// How far a clip is on its way into the archive.
public enum ClipArchiveState: String, Sendable, Hashable, Codable {
    /// It is to be sealed.
    case waiting
    /// It leaves, perhaps while it is recorded.
    case uploading
    /// All of it is there.
    case stored
    /// What could be saved of it is there.
    case interrupted
    /// The archive has no room; it is tried again.
    case refused
    /// It will never be there.
    case failed
}

/// A clip in the edge's table of the archive.
public struct ArchivedClip: Sendable, Hashable {
    public var clip: ClipID
    public var camera: CameraID
    public var state: ClipArchiveState
    /// Why, for a person.
    public var reason: String?
    /// Of its first part.
    public var objectKey: String?
}

/// One part as the edge knows it.
struct ArchivedPart: Sendable, Hashable {
    var number: Int
    /// Where its first fragment begins in the clip's file; 0 for the whole file.
    var start: Int64
    var bind: Hash256
    /// Bytes before its body.
    var prefixLength: Int64
    /// What came of it; `nil` while it is under way.
    var outcome: PartMark?
    /// The object store has it.
    var isStored = false
}

/// A place where a part may end: behind a message to the node.
struct PartMark: Sendable, Hashable {
    /// Bytes of the sealed file.
    var sealedLength: Int64
    /// Bytes of the clip in them.
    var plaintextLength: Int64
    var lastingLength: Int64
    /// `nil` where the recorder lost count, in a power cut.
    var lastingHash: Hash256?
    var isComplete: Bool
}
