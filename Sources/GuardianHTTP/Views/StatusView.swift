import GuardianCore

/// The status of an edge.
public struct StatusView: Codable, Sendable {
    /// `starting`: nothing is known to be wrong, but there is no camera, not every camera has been looked at yet, or the AI
    /// service has not proved yet that it sees.
    public enum State: String, Codable, Sendable { case well, degraded, starting }

    public var version: String
    public var startedAt: Moment
    public var state: State
    /// One sentence: "All well", or what is wrong.
    public var summary: String
    public var problems: [FindingView]
    public var cameras: [CameraView]
    public var storage: StorageView
    public var node: NodeLinkView
    public var archive: ArchiveUplinkView
    public var inference: InferenceView
    public var components: [ComponentView]
    public var journal: JournalView

    public init(
        version: String = GuardianVersion.current, startedAt: Timestamp, state: State, summary: String,
        problems: [FindingView], cameras: [CameraView], storage: StorageView, node: NodeLinkView,
        archive: ArchiveUplinkView, inference: InferenceView, components: [ComponentView] = [], journal: JournalView
    ) {
        self.version = version
        self.startedAt = startedAt.moment
        self.state = state
        self.summary = summary
        self.problems = problems
        self.cameras = cameras
        self.storage = storage
        self.node = node
        self.archive = archive
        self.inference = inference
        self.components = components
        self.journal = journal
    }
}

/// A problem and its remedy.
public struct FindingView: Codable, Sendable {
    public enum Severity: String, Codable, Sendable { case notice, warning, error }

    public var what: String
    public var `where`: String
    public var severity: Severity
    public var remedy: String

    public init(what: String, where place: String, severity: Severity, remedy: String) {
        self.what = what
        self.where = place
        self.severity = severity
        self.remedy = remedy
    }
}

/// The disk that holds the clips.
public struct StorageView: Codable, Sendable {
    public var path: String
    /// Bytes of the file system.
    public var capacity: Int64
    public var free: Int64
    public var clips: Int
    public var clipBytes: Int64
    @Nullable public var oldestClipAt: Moment?
    /// Whether there is room to record, on the clips' disk or in the emergency folder.
    public var recording: Bool
    /// Whether the clips' disk is away.
    public var away: Bool
    /// Days until the free space is used up at the recent rate; `null` while that is unknown.
    @Nullable public var daysLeft: Double?
    /// Days after which clips are deleted; `null`: only when their room is needed.
    @Nullable public var keepDays: Int?
    /// Clips that were deleted for their age since the recorder's start.
    public var deletedForAge: Int

    public init(
        path: String, capacity: Int64, free: Int64, clips: Int, clipBytes: Int64, oldestClipAt: Timestamp?,
        recording: Bool, away: Bool = false, daysLeft: Double?, keepDays: Int? = nil, deletedForAge: Int = 0
    ) {
        self.path = path
        self.capacity = capacity
        self.free = free
        self.clips = clips
        self.clipBytes = clipBytes
        self.oldestClipAt = oldestClipAt?.moment
        self.recording = recording
        self.away = away
        self.daysLeft = daysLeft.map { ($0 * 10).rounded() / 10 }
        self.keepDays = keepDays
        self.deletedForAge = deletedForAge
    }
}

/// A component that may fail without ending the process.
public struct ComponentView: Codable, Sendable {
    public enum State: String, Codable, Sendable { case starting, running, failing }

    public var name: String
    public var state: State
    /// Since when it is in this state.
    public var since: Moment
    /// Why it failed last; `null` when it never did.
    @Nullable public var reason: String?
    public var failures: Int

    public init(name: String, state: State, since: Timestamp, reason: String?, failures: Int) {
        self.name = name
        self.state = state
        self.since = since.moment
        self.reason = reason
        self.failures = failures
    }
}

/// The edge's connection to its node.
public struct NodeLinkView: Codable, Sendable {
    public var configured: Bool
    /// Its host and port, such as `node.example:9443`; `null` when none is configured.
    @Nullable public var address: String?
    public var connected: Bool
    /// Since when it is connected, or disconnected.
    @Nullable public var since: Moment?
    /// Entries in the outbox.
    public var waiting: Int
    @Nullable public var oldestWaitingAt: Moment?
    @Nullable public var lastAcknowledgedAt: Moment?
    /// Why there is no connection.
    @Nullable public var reason: String?

    public init(
        configured: Bool, address: String? = nil, connected: Bool, since: Timestamp?, waiting: Int,
        oldestWaitingAt: Timestamp?, lastAcknowledgedAt: Timestamp?, reason: String?
    ) {
        self.configured = configured
        self.address = address
        self.connected = connected
        self.since = since?.moment
        self.waiting = waiting
        self.oldestWaitingAt = oldestWaitingAt?.moment
        self.lastAcknowledgedAt = lastAcknowledgedAt?.moment
        self.reason = reason
    }
}

/// The uploads from the edge to the archive.
public struct ArchiveUplinkView: Codable, Sendable {
    /// Whether a recipient and a node are configured.
    public var configured: Bool
    /// Clips that are being uploaded, or whose receipt is pending.
    public var leaving: Int
    /// Clips that are to be archived and are not being uploaded yet.
    public var waiting: Int
    /// The bandwidth limit now, in bits a second; `null`: no limit.
    @Nullable public var limit: Int?
    /// The time on the recorder's clock until which the backlog waits, such as `18:00`; `null`: it does not wait.
    @Nullable public var waitsUntil: String?
    /// When the node last stored bytes of the archive; `null`: not since the start.
    @Nullable public var lastStoredAt: Moment?

    public init(
        configured: Bool, leaving: Int = 0, waiting: Int = 0, limit: Int? = nil, waitsUntil: String? = nil,
        lastStoredAt: Timestamp? = nil
    ) {
        self.configured = configured
        self.leaving = leaving
        self.waiting = waiting
        self.limit = limit
        self.waitsUntil = waitsUntil
        self.lastStoredAt = lastStoredAt?.moment
    }
}

/// The AI service as the edge sees it.
public struct InferenceView: Codable, Sendable {
    public enum State: String, Codable, Sendable { case up, down, starting }

    public struct Model: Codable, Sendable {
        public var name: String
        public var sha256: String

        public init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    public struct Latency: Codable, Sendable {
        public var p50: Double
        public var p99: Double

        public init(p50: Double, p99: Double) {
            self.p50 = p50
            self.p99 = p99
        }
    }

    /// The service's last look at a picture with known content, in which it must find the person.
    public struct Proof: Codable, Sendable {
        /// `unavailable`: the model came without such a picture. `pending`: it has not looked yet.
        public enum State: String, Codable, Sendable { case unavailable, pending, passed, failed }

        public var state: State
        /// When it last passed.
        @Nullable public var passedAt: Moment?
        /// Why it failed, for people; `null` otherwise.
        @Nullable public var reason: String?

        public init(state: State, passedAt: Timestamp? = nil, reason: String? = nil) {
            self.state = state
            self.passedAt = passedAt?.moment
            self.reason = reason
        }
    }

    /// What confines the service, by its own word.
    public struct Sandbox: Codable, Sendable {
        /// Whether the kernel lets it reach nothing but its own files.
        public var active: Bool
        /// How, such as `landlock 6`; or why not, for people.
        public var detail: String

        public init(active: Bool, detail: String) {
            self.active = active
            self.detail = detail
        }
    }

    public var state: State
    public var since: Moment
    /// Why it is not up, for people; `null` while it is.
    @Nullable public var reason: String?
    public var restarts: Int
    @Nullable public var model: Model?
    @Nullable public var latencyMs: Latency?
    /// Packets that wait to be analysed.
    public var queue: Int
    public var proof: Proof
    /// `null` while the service has not said it.
    @Nullable public var sandbox: Sandbox?

    public init(
        state: State, since: Timestamp, reason: String? = nil, restarts: Int, model: Model?, latencyMs: Latency?,
        queue: Int, proof: Proof = Proof(state: .unavailable), sandbox: Sandbox? = nil
    ) {
        self.state = state
        self.since = since.moment
        self.reason = reason
        self.restarts = restarts
        self.model = model
        self.latencyMs = latencyMs
        self.queue = queue
        self.proof = proof
        self.sandbox = sandbox
    }
}

/// The head of the journal.
public struct JournalView: Codable, Sendable {
    @Nullable public var chain: ChainID?
    /// The device's public key, Ed25519, base64.
    public var deviceKey: String
    /// The sequence of the newest entry; 0 when there is none.
    public var sequence: Int64

    public init(chain: ChainID?, deviceKey: String, sequence: Int64) {
        self.chain = chain
        self.deviceKey = deviceKey
        self.sequence = sequence
    }
}
