import GuardianCore

/// How much room an archive takes, beside what it may take.
public struct ArchiveUsageView: Codable, Sendable {
    /// Of one camera, or of all.
    public struct Level: Codable, Sendable {
        /// Sealed, stored or on their way.
        public var bytes: Int64
        public var objects: Int64
        /// What they may become; `null` where nothing bounds them.
        @Nullable public var byteLimit: Int64?
        @Nullable public var objectLimit: Int64?
        /// 80 % of a limit or more.
        public var nearlyFull: Bool

        public init(bytes: Int64, objects: Int64, byteLimit: Int64?, objectLimit: Int64?, nearlyFull: Bool) {
            self.bytes = bytes
            self.objects = objects
            self.byteLimit = byteLimit
            self.objectLimit = objectLimit
            self.nearlyFull = nearlyFull
        }
    }

    public struct Camera: Codable, Sendable, CameraNaming {
        /// The camera's alias; `null` where none is known.
        @Nullable public var camera: String?
        public var cameraId: CameraID
        public var level: Level

        public init(cameraId: CameraID, level: Level) {
            self.cameraId = cameraId
            self.level = level
        }
    }

    /// What happens when there is no room.
    public enum WhenFull: String, Codable, Sendable, CaseIterable {
        case refuse
        case removeOldest
    }

    /// Clips for which there was no room.
    public struct Refused: Codable, Sendable {
        public var clips: Int64
        /// What the node said of the newest of them.
        @Nullable public var reason: String?

        public init(clips: Int64, reason: String?) {
            self.clips = clips
            self.reason = reason
        }
    }

    public var all: Level
    /// Those that have anything there.
    public var cameras: [Camera]
    public var whenFull: WhenFull
    /// Days after which a clip goes, unless it is held; `null`: never.
    @Nullable public var days: Int?
    /// Clips that are held, and their bytes: room that only a person frees.
    public var heldClips: Int64
    public var heldBytes: Int64
    public var refused: Refused

    public init(
        all: Level, cameras: [Camera], whenFull: WhenFull, days: Int?, heldClips: Int64, heldBytes: Int64,
        refused: Refused
    ) {
        self.all = all
        self.cameras = cameras
        self.whenFull = whenFull
        self.days = days
        self.heldClips = heldClips
        self.heldBytes = heldBytes
        self.refused = refused
    }

    /// The same with the cameras' aliases.
    public func named(by names: CameraNames) -> ArchiveUsageView {
        var view = self
        view.cameras = cameras.map { $0.named(by: names) }
        return view
    }
}
