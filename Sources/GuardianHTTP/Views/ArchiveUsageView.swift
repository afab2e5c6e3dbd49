import GuardianCore

/// The usage of an archive and its quota.
public struct ArchiveUsageView: Codable, Sendable {
    /// Usage and quota of one camera, or of all cameras.
    public struct Level: Codable, Sendable {
        /// Sealed bytes, stored or being uploaded.
        public var bytes: Int64
        public var objects: Int64
        /// The quota in bytes; `null` when there is none.
        @Nullable public var byteLimit: Int64?
        @Nullable public var objectLimit: Int64?
        /// Whether 80 % of a limit or more is used.
        public var nearlyFull: Bool

        public init(_ level: ArchiveReport.Level) {
            bytes = level.bytes
            objects = level.objects
            byteLimit = level.byteLimit
            objectLimit = level.objectLimit
            nearlyFull = level.isNearlyFull
        }
    }

    public struct Camera: Codable, Sendable, CameraNaming {
        /// The camera's alias; `null` when it is unknown.
        @Nullable public var camera: String?
        public var cameraId: CameraID
        public var level: Level

        public init(_ camera: ArchiveReport.Camera) {
            cameraId = camera.id
            level = Level(camera.level)
        }
    }

    /// What happens to a new clip when the quota is used up.
    public enum WhenFull: String, Codable, Sendable, CaseIterable {
        case refuse
        case removeOldest

        public init(_ whenFull: ArchiveReport.WhenFull) {
            self =
                switch whenFull {
                case .refuse: .refuse
                case .removeOldest: .removeOldest
                }
        }
    }

    /// Clips that were refused for lack of room.
    public struct Refused: Codable, Sendable {
        public var clips: Int64
        /// The node's reason for the newest of them.
        @Nullable public var reason: String?

        public init(_ refused: ArchiveReport.Refused) {
            clips = refused.clips
            reason = refused.reason
        }
    }

    public var all: Level
    /// The cameras that have anything in the archive.
    public var cameras: [Camera]
    public var whenFull: WhenFull
    /// Days after which a clip is removed unless it is held; `null`: never.
    @Nullable public var days: Int?
    /// Number and bytes of held clips, which are never removed automatically.
    public var heldClips: Int64
    public var heldBytes: Int64
    public var refused: Refused
    /// What is wrong with the archive now, as sentences for people; missing from older nodes.
    public var problems: [String]?
    /// What the archive does without, although nothing is wrong, as sentences for people; missing from older nodes.
    public var notes: [String]?

    public init(_ report: ArchiveReport) {
        all = Level(report.all)
        cameras = report.cameras.map(Camera.init)
        whenFull = WhenFull(report.whenFull)
        days = report.days
        heldClips = report.heldClips
        heldBytes = report.heldBytes
        refused = Refused(report.refused)
        problems = report.problems
        notes = report.notes
    }

    /// Returns a copy with the cameras' aliases.
    public func named(by names: CameraNames) -> ArchiveUsageView {
        var view = self
        view.cameras = cameras.map { $0.named(by: names) }
        return view
    }
}
