import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianJournal

/// All that the edge's API knows of the rest of the edge.
public struct EdgeSources: Sendable {
    public var journal: Journal
    /// Returns the cameras now, in the order of the settings.
    private let currentCameras: @Sendable () -> [CameraSource]
    /// The names of cameras in requests and answers.
    public let names: CameraNames
    /// Changes the cameras; `nil` where they are fixed.
    package var registry: CameraRegistry?
    /// Finds cameras that are not saved; `nil` where none are added.
    package var finder: CameraFinder?
    /// The settings that an owner changes; `nil` where they are fixed.
    package var settings: EdgeSettingsStore?
    /// Returns the bytes of the clips' disk; `nil` while they are not known.
    package var clipsCapacity: @Sendable () -> Int64? = { nil }
    /// Returns what keeping so many bytes free deletes.
    package var roomCost: @Sendable (_ floor: Int64) async throws -> DeletionCost = { _ in .nothing }
    /// Returns what deleting clips after so many days deletes.
    package var ageCost: @Sendable (_ days: Int) async throws -> DeletionCost = { _ in .nothing }
    /// The node that the edge belongs to; `nil` where it cannot be changed.
    package var node: NodeMembership?
    /// Whether a node is configured, to which what is archived is sent.
    package var hasNode = false
    /// Returns the path of a clip's file, and how many bytes of it can be served now.
    ///
    /// - Throws: `not_found` when the file is gone.
    public var clipFile: @Sendable (Clip) async throws -> ClipFileExtent
    /// Returns the path of an event's snapshot.
    public var snapshotFile: @Sendable (Event, Snapshot) async throws -> String
    public var status: @Sendable () async throws -> StatusView
    public var readiness: @Sendable () async -> Readiness
    /// Returns the archive state of clips; `nil` when no clips are archived.
    public var archiving: (@Sendable ([ClipID]) async throws -> [ClipID: LedgerClip])?
    /// The node's archive (`ArchiveLink.reading`); `nil` without a node.
    public var archive: ArchiveReading?
    /// What the edge measured; `nil` where nothing is measured.
    package var telemetry: TelemetryReading?
    public var clock: any WallClock
    public var monotonic: any MonotonicClock

    /// - Parameters:
    ///   - cameras: read at each use, so that cameras may come and go.
    ///   - names: `nil`: those of `cameras`.
    public init(
        journal: Journal, cameras: @escaping @autoclosure @Sendable () -> [CameraSource], names: CameraNames? = nil,
        clipFile: @escaping @Sendable (Clip) async throws -> ClipFileExtent,
        snapshotFile: @escaping @Sendable (Event, Snapshot) async throws -> String,
        status: @escaping @Sendable () async throws -> StatusView,
        readiness: @escaping @Sendable () async -> Readiness,
        archiving: (@Sendable ([ClipID]) async throws -> [ClipID: LedgerClip])? = nil,
        archive: ArchiveReading? = nil,
        clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock()
    ) {
        self.journal = journal
        currentCameras = cameras
        self.names =
            names
            ?? CameraNames {
                CameraNames.Table(
                    Dictionary(cameras().map { ($0.id, $0.alias) }, uniquingKeysWith: { first, _ in first }))
            }
        self.clipFile = clipFile
        self.snapshotFile = snapshotFile
        self.status = status
        self.readiness = readiness
        self.archiving = archiving
        self.archive = archive
        self.clock = clock
        self.monotonic = monotonic
    }

    /// - Throws: `not_found` with a message that says where the list of cameras is.
    func camera(_ alias: CameraAlias, for principal: Principal) throws -> CameraSource {
        guard let camera = cameras.first(where: { $0.alias == alias }), principal.sees(camera.id) else {
            throw CameraReading.missing(alias)
        }
        return camera
    }

    /// - Throws: `not_found`.
    func camera(_ id: CameraID) throws -> CameraSource {
        guard let camera = cameras.first(where: { $0.id == id }) else {
            throw GuardianError(.notFound, "The recorder no longer has this camera.")
        }
        return camera
    }

    public var cameras: [CameraSource] { currentCameras() }
}

/// One camera as the API sees it.
public struct CameraSource: Sendable {
    public var id: CameraID
    public var alias: CameraAlias
    public var view: @Sendable () async throws -> CameraView
    /// Returns a JPEG of what the camera shows now.
    ///
    /// - Throws: `unavailable` when the camera sends no video.
    public var snapshot: @Sendable () async throws -> [UInt8]
    /// Starts a live view; each call has its own.
    public var live: @Sendable () async throws -> AsyncStream<LiveRecord>
    /// Tests the camera's address once.
    ///
    /// - Throws: `aborted` while a test is running.
    public var test: @Sendable () async throws -> CameraTestView

    public init(
        id: CameraID, alias: CameraAlias, view: @escaping @Sendable () async throws -> CameraView,
        snapshot: @escaping @Sendable () async throws -> [UInt8],
        live: @escaping @Sendable () async throws -> AsyncStream<LiveRecord>,
        test: @escaping @Sendable () async throws -> CameraTestView
    ) {
        self.id = id
        self.alias = alias
        self.view = view
        self.snapshot = snapshot
        self.live = live
        self.test = test
    }
}

/// A clip's file and how much of it can be served.
public struct ClipFileExtent: Sendable, Hashable {
    public var path: String
    /// Bytes of complete fragments.
    public var length: Int64

    public init(path: String, length: Int64) {
        self.path = path
        self.length = length
    }
}
