import GuardianCore

/// Tells `ClipStore` which clips it may delete to make room or for their age, and records each deletion.
public struct ClipRetention: Sendable {
    /// A clip that may be deleted.
    public struct Candidate: Sendable, Hashable {
        public var clip: ClipID
        public var camera: CameraID
        /// Whether the node has the clip's entries, and the archive has the clip if it is to be archived.
        public var isDelivered: Bool
        /// Whether it is one of a kind of clips that holds more than its share: these go first.
        public var isSurplus: Bool
        /// Whether it goes because of its age, and not for its room.
        public var isAged: Bool

        public init(
            clip: ClipID, camera: CameraID, isDelivered: Bool, isSurplus: Bool = false, isAged: Bool = false
        ) {
            self.clip = clip
            self.camera = camera
            self.isDelivered = isDelivered
            self.isSurplus = isSurplus
            self.isAged = isAged
        }
    }

    /// Returns up to `limit` closed clips whose files exist and that are not kept: surplus ones first, then delivered ones,
    /// each the oldest first.
    public var candidates: @Sendable (_ limit: Int) async throws -> [Candidate]
    /// Writes the clip's tombstone into the journal; the file is deleted only after that. If it throws, the file stays; after
    /// `failedPrecondition` the next candidate is tried.
    public var recordRemoval: @Sendable (Candidate) async throws -> Void
    /// Returns up to `limit` closed clips whose files exist, that are not kept and began before these times, the oldest first.
    package var aged: @Sendable (_ times: ClipAgeLimit.Times, _ limit: Int) async throws -> [Candidate] = { _, _ in [] }

    public init(
        candidates: @escaping @Sendable (_ limit: Int) async throws -> [Candidate],
        recordRemoval: @escaping @Sendable (Candidate) async throws -> Void
    ) {
        self.candidates = candidates
        self.recordRemoval = recordRemoval
    }

    /// Returns the bytes that continuous clips may hold of what all clips have, on a full disk and in the emergency folder:
    /// a quarter, so that footage that nobody analysed does not push out months of events.
    static func continuousShare(of bytes: Int64) -> Int64 { bytes / 4 }

    /// Never deletes a clip.
    public static let keepEverything = ClipRetention(candidates: { _ in [] }, recordRemoval: { _ in })
}
