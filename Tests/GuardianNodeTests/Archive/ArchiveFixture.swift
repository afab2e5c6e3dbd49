import Crypto
import Foundation
import GRDB
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianOperations
import Logging
import ServiceLifecycle
import GuardianTestKit
import Testing

/// A node with an archive that a test starts and ends as often as it wants. The test can read the rows of its table,
/// the files of its spool and the objects of its object store.
struct ArchiveFixture: Sendable {
    let node: NodeFixture
    let objects: SwitchedStore
    let bucket: BucketName
    let owner: OwnerKeys
    /// Short waits, so that tests are fast.
    var timings = ArchiveTimings()
    var clock: any WallClock = SystemClock()
    var monotonic: any MonotonicClock = SystemMonotonicClock()
    var quota = ArchiveQuota()
    var diskRoom: @Sendable (String) -> DiskRoom? = DiskRoom.read
    let log = RecordedLog()
    let metrics = MetricsRegistry()

    init() throws {
        node = try NodeFixture()
        bucket = try #require(BucketName("guardian"))
        let folder = node.folder.path("objects")
        objects = SwitchedStore(DeferredStore { try DirectoryStore(folder: folder) })
        owner = try OwnerKeys(OwnerSecret())
        timings.silence = .seconds(600)
        timings.store = Backoff(base: .milliseconds(5), limit: .milliseconds(20))
    }

    var signer: DeviceSigner { Self.signer(node.key) }

    static func signer(_ key: DeviceKey) -> DeviceSigner {
        DeviceSigner(publicKey: key.publicKey.bytes) { try key.signature(ofSeparated: $0) }
    }

    /// Runs a node while `body` runs, and ends it.
    func run<Result: Sendable>(_ body: @Sendable (EdgeSide) async throws -> Result) async throws -> Result {
        var place = ArchivePlace(store: objects, layout: .oneBucket(bucket), quota: quota)
        place.diskRoom = diskRoom
        let tenants = try Tenants(
            folder: node.folder.path("tenants"), objects: place, clock: clock, monotonic: monotonic, logger: log.logger)
        let services = try NodeRPCServer(
            address: NodeAddress(host: "127.0.0.1", port: 0), credentials: node.nodeFiles, tenants: tenants,
            metrics: MetricsRegistry(), logger: Self.quiet)
        let scope = try tenants.localScope()
        let archive = ArchiveServices(scope, metrics: metrics, timings: timings)
        let running = ServiceGroup(services: archive.services + [services], logger: Self.quiet)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await running.run() }
            let result: Swift.Result<Result, any Error>
            do {
                let port = try await services.port()
                result = .success(try await body(EdgeSide(port: port, credentials: node.edgeFiles, scope: scope)))
            } catch { result = .failure(error) }
            await running.triggerGracefulShutdown()
            try await group.waitForAll()
            try tenants.close()
            return try result.get()
        }
    }

    static let quiet = Logger(label: "node") { _ in SwiftLogNoOpLogHandler() }

    // MARK: Contents of the node

    struct PartRow: Sendable, Equatable {
        var state: String
        var isInterrupted: Bool
        var size: Int64
        var reason: String?
        var checkpoint: [UInt8]?
        var sha256: [UInt8]?
        var objectKey: String?
    }

    private var table: String { node.folder.path("tenants/home/journal.sqlite") }

    /// Returns the table's rows in order of arrival.
    func rows() async throws -> [PartRow] {
        let queue = try DatabaseQueue(path: table)
        return try await queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM parts ORDER BY id").map { row in
                PartRow(
                    state: row["state"], isInterrupted: row["interrupted"], size: row["size"], reason: row["reason"],
                    checkpoint: (row["checkpoint"] as Data?).map(Array.init),
                    sha256: (row["sha256"] as Data?).map(Array.init), objectKey: row["object_key"])
            }
        }
    }

    /// Changes the table of a node that is not running.
    func change(_ sql: String) async throws {
        let queue = try DatabaseQueue(path: table)
        try await queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    var spool: URL { URL(filePath: node.folder.path("tenants/home/spool")) }

    func spooled() -> [URL] {
        ((try? FileManager.default.contentsOfDirectory(at: spool, includingPropertiesForKeys: nil)) ?? [])
            .filter { $0.pathExtension == "grdn" }
    }

    /// Returns the files of unfinished uploads at the object store.
    func unfinished() -> [URL] {
        let folder = URL(filePath: node.folder.path("objects/.uploads/guardian"))
        return (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    }

    /// Returns the number that a query of the table gives.
    func number(_ sql: String) async throws -> Int64 {
        let queue = try DatabaseQueue(path: table)
        return try await queue.read { try Int64.fetchOne($0, sql: sql) ?? 0 }
    }

    func spoolFile(of clip: ClipID) -> URL { spool.appending(path: "clip-\(clip)-0.grdn") }

    /// The file that marks the bucket as this archive's.
    var marker: URL { URL(filePath: node.folder.path("objects/guardian/.guardian/place")) }

    /// Returns all sealed objects by name.
    func stored() async throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        let page = try await objects.list(bucket, prefix: "", continuation: nil, limit: 1_000)
        for item in page.items where !item.name.hasPrefix(".guardian/") {
            let key = ObjectKey(bucket: bucket, name: try #require(ObjectName(item.name)))
            do {
                found[item.name] = Array(buffer: try await objects.fetch(key, limit: 1 << 26))
            } catch let error as GuardianError where error.code == .notFound {
                // Removed since it was listed: what is examined runs meanwhile.
            }
        }
        return found
    }
}

/// A sealed clip in messages as a device sends them; each but the last consists of whole segments.
struct SealedSample: Sendable {
    struct Message: Sendable {
        var offset: Int
        var bytes: [UInt8]
    }

    let clip: ClipID
    let camera: CameraID
    var messages: [Message] = []
    /// One checkpoint after each message but the last.
    var checkpoints: [Checkpoint] = []
    /// The whole sealed file.
    var file: [UInt8] { messages.flatMap(\.bytes) }
    /// The name of the file's object.
    var name: String { "clips/\(clip)/0.grdn" }

    /// - Parameters:
    ///   - pieces: number of messages before the last one.
    ///   - segments: number of segments in each of them.
    init(
        _ fixture: ArchiveFixture, clip: ClipID = .v7(at: SystemClock().now()), camera: CameraID = Sample.front,
        signer: DeviceSigner? = nil, part: Int = 0, pieces: Int = 3, segments: Int = 1
    ) throws {
        self.clip = clip
        self.camera = camera
        let sealer = try ClipSealer(
            try ClipFields(clip: clip, camera: camera, part: part, after: part > 0 ? Hash256.sha256(of: []) : nil),
            to: [fixture.owner.xWing], signer: signer ?? fixture.signer)
        var opening = sealer.opening
        for piece in 0..<pieces {
            let layout = sealer.layout
            let count =
                piece == 0
                ? layout.firstCapacity + (segments - 1) * layout.nextCapacity : segments * layout.nextCapacity
            let sealed =
                opening + (try sealer.append([UInt8](repeating: UInt8(truncatingIfNeeded: piece), count: count)))
            opening = []
            messages.append(Message(offset: Int(sealer.sealedLength) - sealed.count, bytes: sealed))
            checkpoints.append(try sealer.checkpoint(at: Sample.start + Int64(piece) * 1_000))
        }
        let last = opening + (try sealer.append([1, 2, 3])) + (try sealer.finish())
        messages.append(Message(offset: Int(sealer.sealedLength) - last.count, bytes: last))
    }
}
