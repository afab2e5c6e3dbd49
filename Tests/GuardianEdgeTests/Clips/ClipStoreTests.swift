import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianMedia
import GuardianTestKit
import Synchronization
import Testing

/// A disk whose free space the test sets.
final class FakeDisk: Sendable {
    private let free: Mutex<Int64>
    init(free: Int64) { self.free = Mutex(free) }
    func set(free value: Int64) { free.withLock { $0 = value } }
    func add(_ bytes: Int64) { free.withLock { $0 += bytes } }
    var space: @Sendable (String) throws -> DiskSpace {
        { _ in DiskSpace(capacity: 1 << 40, free: self.free.withLock { $0 }) }
    }
}

@Suite("The clips' store")
struct ClipStoreTests {
    private let camera = CameraID(UUID())
    private let noon = Timestamp(milliseconds: 1_790_000_000_123)

    private func store(_ footage: Footage, _ retention: ClipRetention = .keepEverything, disk: FakeDisk) -> ClipStore {
        ClipStore(
            folder: footage.path("clips"), keepFree: 1000, retention: retention, logger: LogBook().logger,
            space: disk.space)
    }

    /// Writes a clip that was left open `age` milliseconds after noon.
    private func leftover(_ footage: Footage, _ store: ClipStore, age: Int64, packets count: Int) throws -> ClipID {
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 4))
        let id = ClipID.v7(at: noon + age)
        let first = try #require(packets.first)
        let file = try ClipFile(creating: store.url(of: id, camera: camera), stream: stream, first: first)
        for packet in packets.prefix(count).dropFirst() { try file.append(packet) }
        return id
    }

    @Test("lays clips out by camera and day")
    func layout() throws {
        let footage = try Footage()
        let store = store(footage, disk: FakeDisk(free: 1 << 30))
        let id = ClipID.v7(at: Timestamp(milliseconds: 0) + 86_400_000 * 40)
        #expect(store.url(of: id, camera: camera).path == footage.path("clips/\(camera)/1970/02/10/\(id).mp4"))
        let error = try #require(throws: GuardianError.self) { try store.extent(of: id, camera: camera) }
        #expect(error.code == .notFound)
    }

    @Test("makes room: delivered clips first, then the oldest, each recorded before it is deleted; no more than needed")
    func room() async throws {
        let footage = try Footage()
        let disk = FakeDisk(free: 10)
        let store = store(footage, disk: disk)
        let ids = try (0..<4).map { try leftover(footage, store, age: Int64($0), packets: 20) }
        let said = Mutex<[ClipID]>([])
        let camera = camera
        store.setRetention(
            ClipRetention(
                candidates: { _ in
                    let gone = said.withLock { $0 }
                    return ids.filter { !gone.contains($0) }.map {
                        .init(clip: $0, camera: camera, isDelivered: $0 == ids[1] || $0 == ids[2])
                    }
                },
                recordRemoval: { candidate in
                    let path = store.url(of: candidate.clip, camera: camera).path + ".removing"
                    #expect(FileManager.default.fileExists(atPath: path))
                    said.withLock { $0.append(candidate.clip) }
                    disk.add(400)
                }))
        #expect(await store.makeRoom())
        #expect(said.withLock { $0 } == [ids[1], ids[2], ids[0]])
        let left = ids.filter { FileManager.default.fileExists(atPath: store.url(of: $0, camera: camera).path) }
        #expect(left == [ids[3]])
    }

    @Test("skips a clip that is kept at that moment, and deletes the next")
    func keptMeanwhile() async throws {
        let footage = try Footage()
        let disk = FakeDisk(free: 10)
        let store = store(footage, disk: disk)
        let (kept, next) = (
            try leftover(footage, store, age: 2, packets: 20), try leftover(footage, store, age: 1, packets: 20)
        )
        let camera = camera
        store.setRetention(
            ClipRetention(
                candidates: { _ in [kept, next].map { .init(clip: $0, camera: camera, isDelivered: true) } },
                recordRemoval: { candidate in
                    guard candidate.clip != kept else {
                        throw GuardianError(.failedPrecondition, "Somebody keeps it.")
                    }
                    disk.add(2_000)
                }))
        #expect(await store.makeRoom())
        #expect(FileManager.default.fileExists(atPath: store.url(of: kept, camera: camera).path))
        #expect(!FileManager.default.fileExists(atPath: store.url(of: next, camera: camera).path))
    }

    @Test("deletes a clip whose file reconciliation finds while that is being deleted")
    func foundMeanwhile() async throws {
        let footage = try Footage()
        let disk = FakeDisk(free: 10)
        let store = store(footage, disk: disk)
        let id = try leftover(footage, store, age: 0, packets: 20)
        let journal = try Journal(path: footage.path("edge.sqlite"), key: DeviceKey())
        let reconciler = ClipReconciler(
            store: store, journal: journal, monotonic: TestClock(stepping: true), logger: LogBook().logger)
        try await reconciler.reconcile(store.folder)
        let camera = camera
        store.setRetention(
            ClipRetention(
                candidates: { _ in [.init(clip: id, camera: camera, isDelivered: true)] },
                recordRemoval: { candidate in
                    try await reconciler.reconcile(store.folder)
                    try await journal.append(
                        [.tombstone(Tombstone(subject: .clip(id), reason: .expired))], at: Sample.start)
                    try await reconciler.reconcile(store.folder)
                    disk.add(2_000)
                }))
        #expect(await store.makeRoom())
        let path = store.url(of: id, camera: camera).path
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: path + ".removing"))
    }

    @Test("keeps a clip whose deletion could not be recorded")
    func refusal() async throws {
        let footage = try Footage()
        let store = store(footage, disk: FakeDisk(free: 10))
        let id = try leftover(footage, store, age: 0, packets: 20)
        let camera = camera
        store.setRetention(
            ClipRetention(
                candidates: { _ in [.init(clip: id, camera: camera, isDelivered: true)] },
                recordRemoval: { _ in throw GuardianError(.unavailable, "The journal is away.") }))
        #expect(await !store.makeRoom())
        #expect(FileManager.default.fileExists(atPath: store.url(of: id, camera: camera).path))
    }
}
