import GuardianCore

/// How much room an archive takes, beside what it may take.
public struct ArchiveUsage: Sendable, Hashable {
    public struct Level: Sendable, Hashable {
        public var bytes: Int64
        public var objects: Int64
        public var limit: ArchiveQuota.Limit

        public init(bytes: Int64, objects: Int64, limit: ArchiveQuota.Limit) {
            self.bytes = bytes
            self.objects = objects
            self.limit = limit
        }

        /// 80 % of a limit or more.
        public var isNearlyFull: Bool {
            limit.bytes.map { bytes >= $0 - $0 / 5 } ?? false || limit.objects.map { objects >= $0 - $0 / 5 } ?? false
        }
    }

    /// Clips that nobody removes but a person.
    public struct Held: Sendable, Hashable {
        public var clips: Int64
        public var bytes: Int64

        public init(clips: Int64 = 0, bytes: Int64 = 0) {
            self.clips = clips
            self.bytes = bytes
        }
    }

    /// Clips for which there was no room.
    public struct Refused: Sendable, Hashable {
        public var clips: Int64 = 0
        /// Why the newest of them was refused; for a person.
        public var reason: String?
    }

    public var all: Level
    /// Those that have anything.
    public var cameras: [CameraID: Level]
    public var held = Held()
    public var refused = Refused()
}

/// What is lacking for a part.
struct Shortage: Sendable, Hashable {
    /// The camera whose own limit it is; `nil` when it is everybody's.
    var camera: CameraID?
    var bytes: Int64
    var objects: Int64
    /// For a person.
    var sentence: String

    /// What a level lacks for so many bytes more, its objects being counted already; `nil` when it lacks nothing.
    init?(_ level: ArchiveUsage.Level, camera: CameraID?, adding bytes: Int64) {
        self.camera = camera
        self.bytes = max(0, level.bytes + bytes - (level.limit.bytes ?? .max))
        objects = max(0, level.objects - (level.limit.objects ?? .max))
        guard self.bytes > 0 || objects > 0 else { return nil }
        let whose = camera == nil ? "The archive" : "This camera's archive"
        sentence =
            self.bytes > 0
            ? "\(whose) is full: it may take \(level.limit.bytes ?? 0) bytes. Raise the quota or remove clips."
            : "\(whose) is full: it may hold \(level.limit.objects ?? 0) objects. Raise the quota or remove clips."
    }
}
