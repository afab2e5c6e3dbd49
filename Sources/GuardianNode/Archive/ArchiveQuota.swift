/// How much an archive may hold.
public struct ArchiveQuota: Sendable, Hashable {
    public struct Limit: Sendable, Hashable {
        /// Bytes of sealed files, in the spool or stored; `nil`: no limit.
        public var bytes: Int64?
        /// `nil`: no limit.
        public var objects: Int64?

        public init(bytes: Int64? = nil, objects: Int64? = nil) {
            self.bytes = bytes
            self.objects = objects
        }
    }

    /// What happens to a part for which there is no room.
    public enum WhenFull: String, Sendable, Hashable, CaseIterable {
        /// The part is refused; the edge keeps its clip and retries later.
        case refuse
        /// The oldest clips that are not on hold are removed.
        case removeOldest
    }

    public var all: Limit
    /// The limit of each camera.
    public var camera: Limit
    public var whenFull: WhenFull
    /// Days after which a stored clip is removed, unless it is on hold; `nil`: never.
    public var days: Int?

    public init(all: Limit = Limit(), camera: Limit = Limit(), whenFull: WhenFull = .refuse, days: Int? = nil) {
        self.all = all
        self.camera = camera
        self.whenFull = whenFull
        self.days = days
    }
}
