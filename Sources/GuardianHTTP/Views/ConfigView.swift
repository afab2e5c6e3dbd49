import GuardianCore

/// The settings that an owner changes at run time.
public struct ConfigView: Codable, Sendable, Hashable {
    public var recording: Recording
    public var archive: Archive
    public var node: Node
    /// The settings that the configuration file sets, as `recording.preRoll`: they cannot be changed here.
    public var fixed: [String]
    /// What is allowed, by the same names.
    public var limits: [String: Limit]

    public init(recording: Recording, archive: Archive, node: Node, fixed: [String], limits: [String: Limit]) {
        self.recording = recording
        self.archive = archive
        self.node = node
        self.fixed = fixed
        self.limits = limits
    }

    public struct Recording: Codable, Sendable, Hashable {
        /// Seconds recorded before an event's first sighting.
        public var preRoll: Int
        /// Seconds recorded after an event's last sighting.
        public var postRoll: Int
        /// The longest clip, in seconds.
        public var maximum: Int
        /// Whether everything is recorded while a camera is not analysed.
        public var unanalysed: Bool
        /// MiB that stay free on the disk.
        public var keepFreeMegabytes: Int
        /// Days after which clips are deleted; `null`: only when their room is needed.
        @Nullable public var keepDays: Int?

        public init(
            preRoll: Int, postRoll: Int, maximum: Int, unanalysed: Bool, keepFreeMegabytes: Int, keepDays: Int? = nil
        ) {
            self.preRoll = preRoll
            self.postRoll = postRoll
            self.maximum = maximum
            self.unanalysed = unanalysed
            self.keepFreeMegabytes = keepFreeMegabytes
            self.keepDays = keepDays
        }
    }

    /// What is archived once somebody can open it.
    public struct Archive: Codable, Sendable, Hashable {
        /// The cameras whose events are archived; `null`: all, also those that are added later.
        @Nullable public var cameras: [CameraAlias]?
        /// Limit of the bandwidth in 1,000 bits a second; `null`: no limit.
        @Nullable public var kilobits: Int?

        public init(cameras: [CameraAlias]?, kilobits: Int?) {
            _cameras = Nullable(wrappedValue: cameras)
            _kilobits = Nullable(wrappedValue: kilobits)
        }
    }

    /// What the node may do.
    public struct Node: Codable, Sendable, Hashable {
        /// Whether it may fetch recordings for people who watch there.
        public var relay: Bool

        public init(relay: Bool) { self.relay = relay }
    }

    /// The whole numbers that a setting may have.
    public struct Limit: Codable, Sendable, Hashable {
        public var least: Int
        public var most: Int
        /// What holds when nobody sets it; `null`: no number.
        @Nullable public var usual: Int?

        public init(least: Int, most: Int, usual: Int?) {
            self.least = least
            self.most = most
            self.usual = usual
        }
    }
}
