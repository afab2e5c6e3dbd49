/// How much room an archive may take.
public struct ArchiveQuota: Sendable, Hashable {
    public struct Limit: Sendable, Hashable {
        /// Of sealed files, on their way or stored; no limit when `nil`.
        public var bytes: Int64?
        public var objects: Int64?

        public init(bytes: Int64? = nil, objects: Int64? = nil) {
            self.bytes = bytes
            self.objects = objects
        }
    }

    /// What happens to a part for which there is no room.
    public enum WhenFull: String, Sendable, Hashable, CaseIterable {
        /// The edge is told, keeps its clip, and tries again later.
        case refuse
        /// The oldest clips that nobody holds make room.
        case removeOldest
    }

    public var all: Limit
    /// For each camera alone.
    public var camera: Limit
    public var whenFull: WhenFull
    /// Days after which a stored clip goes, unless it is held; never when `nil`.
    public var days: Int?

    public init(all: Limit = Limit(), camera: Limit = Limit(), whenFull: WhenFull = .refuse, days: Int? = nil) {
        self.all = all
        self.camera = camera
        self.whenFull = whenFull
        self.days = days
    }
}
