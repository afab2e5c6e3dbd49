import GuardianCore

/// How much an archive holds, and its limits.
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

    /// Clips on hold: the node never removes them.
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
        /// Why the newest of them was refused, as text for people.
        public var reason: String?
    }

    public var all: Level
    /// Cameras that have parts in the archive.
    public var cameras: [CameraID: Level]
    public var held = Held()
    public var refused = Refused()
}

/// How much room is missing for a part.
struct Shortage: Sendable, Hashable {
    /// The camera whose limit is exceeded; `nil`: the limit of the whole archive.
    var camera: CameraID?
    /// The part's camera.
    var part: CameraID
    /// Bytes that the part needs besides those that it has, to its end where its size is known: nothing is removed unless
    /// there can be room for all of them.
    var adding: Int64
    /// Whether the part is among the objects that the archive holds.
    var isCounted = true
    /// What is missing now.
    var bytes: Int64
    var objects: Int64
    /// Text for people.
    var sentence: String

    /// `nil` when there is room for `bytes` more. The part's object is already counted in `level.objects`.
    init?(_ level: ArchiveUsage.Level, of part: CameraID, camera: CameraID?, adding bytes: Int64) {
        self.camera = camera
        self.part = part
        adding = bytes
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
