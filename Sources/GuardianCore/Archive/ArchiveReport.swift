/// How much of its room an archive takes, and what is wrong with it.
public struct ArchiveReport: Sendable, Hashable {
    /// Usage and quota of one camera, or of all cameras.
    public struct Level: Sendable, Hashable {
        /// Sealed bytes, stored or being uploaded.
        public var bytes: Int64
        public var objects: Int64
        /// The quota in bytes; `nil` when there is none.
        public var byteLimit: Int64?
        public var objectLimit: Int64?
        /// Whether 80 % of a limit or more is used.
        public var isNearlyFull: Bool

        public init(bytes: Int64, objects: Int64, byteLimit: Int64?, objectLimit: Int64?, isNearlyFull: Bool) {
            self.bytes = bytes
            self.objects = objects
            self.byteLimit = byteLimit
            self.objectLimit = objectLimit
            self.isNearlyFull = isNearlyFull
        }
    }

    public struct Camera: Sendable, Hashable {
        public var id: CameraID
        public var level: Level

        public init(id: CameraID, level: Level) {
            self.id = id
            self.level = level
        }
    }

    /// What happens to a new clip when the quota is used up.
    public enum WhenFull: Sendable, Hashable, CaseIterable {
        case refuse
        case removeOldest
    }

    /// Clips that were refused for lack of room.
    public struct Refused: Sendable, Hashable {
        public var clips: Int64
        /// The node's reason for the newest of them.
        public var reason: String?

        public init(clips: Int64, reason: String?) {
            self.clips = clips
            self.reason = reason
        }
    }

    public var all: Level
    /// The cameras that have anything in the archive, those with the most bytes first.
    public var cameras: [Camera]
    public var whenFull: WhenFull
    /// Days after which a clip is removed unless it is held; `nil`: never.
    public var days: Int?
    /// Number and bytes of held clips, which are never removed automatically.
    public var heldClips: Int64
    public var heldBytes: Int64
    public var refused: Refused
    /// What is wrong with the archive now, as sentences for people.
    public var problems: [String]
    /// What the archive does without, although nothing is wrong, as sentences for people.
    public var notes: [String]

    public init(
        all: Level, cameras: [Camera], whenFull: WhenFull, days: Int?, heldClips: Int64, heldBytes: Int64,
        refused: Refused, problems: [String], notes: [String]
    ) {
        self.all = all
        self.cameras = cameras
        self.whenFull = whenFull
        self.days = days
        self.heldClips = heldClips
        self.heldBytes = heldBytes
        self.refused = refused
        self.problems = problems
        self.notes = notes
    }
}
