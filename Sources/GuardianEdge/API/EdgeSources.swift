import GuardianCore
import GuardianHTTP
import GuardianJournal

/// What the edge's API reads: it changes nothing, and knows of the rest of the edge only this.
public struct EdgeSources: Sendable {
    public var journal: Journal
    /// In the order of the configuration.
    public var cameras: [CameraSource]
    /// The path of a clip's file, and how many bytes of it are safely on the disk now.
    ///
    /// - Throws: `not_found` when the file is gone.
    public var clipFile: @Sendable (Clip) async throws -> ClipFileExtent
    /// The path of an event's best picture.
    public var snapshotFile: @Sendable (Event, Snapshot) async throws -> String
    public var status: @Sendable () async throws -> StatusView
    public var readiness: @Sendable () async -> Readiness
    /// How far clips are on their way into the archive; `nil` when none is archived.
    public var archiving: (@Sendable ([ClipID]) async throws -> [ClipID: ArchivedClip])?
    /// The node's archive (`ArchiveLink.reading`); `nil` without a node.
    public var archive: ArchiveReading?
    public var clock: any WallClock

    public init(
        journal: Journal, cameras: [CameraSource],
        clipFile: @escaping @Sendable (Clip) async throws -> ClipFileExtent,
        snapshotFile: @escaping @Sendable (Event, Snapshot) async throws -> String,
        status: @escaping @Sendable () async throws -> StatusView,
        readiness: @escaping @Sendable () async -> Readiness,
        archiving: (@Sendable ([ClipID]) async throws -> [ClipID: ArchivedClip])? = nil,
        archive: ArchiveReading? = nil,
        clock: any WallClock = SystemClock()
    ) {
        self.journal = journal
        self.cameras = cameras
        self.clipFile = clipFile
        self.snapshotFile = snapshotFile
        self.status = status
        self.readiness = readiness
        self.archiving = archiving
        self.archiving = archiving
        self.archive = archive
        self.clock = clock
    }

    /// - Throws: `not_found` that says where the list is.
    func camera(_ alias: CameraAlias) throws -> CameraSource {
        guard let camera = cameras.first(where: { $0.alias == alias }) else {
            throw GuardianError(.notFound, "There is no camera \(alias). GET /api/v1/cameras lists them.")
        }
        return camera
    }

    /// The aliases of all cameras.
    var names: CameraNames {
        CameraNames(Dictionary(cameras.map { ($0.id, $0.alias) }, uniquingKeysWith: { first, _ in first }))
    }
}

/// One camera as the API sees it.
public struct CameraSource: Sendable {
    public var id: CameraID
    public var alias: CameraAlias
    public var view: @Sendable () async throws -> CameraView
    /// A JPEG of what it sees now.
    ///
    /// - Throws: `unavailable` when it sends no picture.
    public var snapshot: @Sendable () async throws -> [UInt8]
    /// A viewer of its own at each call.
    public var live: @Sendable () async throws -> AsyncStream<LiveRecord>
    /// Tries its address once.
    ///
    /// - Throws: `aborted` while it is being tried already.
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

/// A clip's file as far as it may be served.
public struct ClipFileExtent: Sendable, Hashable {
    public var path: String
    /// Bytes that are safely on the disk.
    public var length: Int64

    public init(path: String, length: Int64) {
        self.path = path
        self.length = length
    }
}
