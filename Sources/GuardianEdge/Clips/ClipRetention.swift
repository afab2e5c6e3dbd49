import GuardianCore

/// What the disk's guard must ask and tell when old clips have to go.
public struct ClipRetention: Sendable {
    /// A clip that may go.
    public struct Candidate: Sendable, Hashable {
        public var clip: ClipID
        public var camera: CameraID
        /// The node has it, and all that the journal says of it.
        public var isDelivered: Bool

        public init(clip: ClipID, camera: CameraID, isDelivered: Bool) {
            self.clip = clip
            self.camera = camera
            self.isDelivered = isDelivered
        }
    }

    /// Up to so many closed clips whose files are there and that nobody keeps: delivered ones before others, the oldest
    /// first.
    public var candidates: @Sendable (_ limit: Int) async throws -> [Candidate]
    /// Writes into the journal that the clip's file goes now; only then it is deleted. Throwing keeps the file;
    /// `failedPrecondition` goes on with the next.
    public var recordRemoval: @Sendable (Candidate) async throws -> Void

    public init(
        candidates: @escaping @Sendable (_ limit: Int) async throws -> [Candidate],
        recordRemoval: @escaping @Sendable (Candidate) async throws -> Void
    ) {
        self.candidates = candidates
        self.recordRemoval = recordRemoval
    }

    /// Nothing ever goes.
    public static let keepEverything = ClipRetention(candidates: { _ in [] }, recordRemoval: { _ in })
}
