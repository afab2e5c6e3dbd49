import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianStorage
import GuardianTestKit
import Synchronization
import Testing

@Suite("While the clips' disk is away", .timeLimit(.minutes(10)))
struct ClipPlaceTests {
    private let folder = TemporaryFolder()
    private let disk = FakeDisk(free: 5_000)
    private let journal: Journal
    private let store: ClipStore
    private let reconciler: ClipReconciler
    private let log = LogBook()

    init() throws {
        journal = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey())
        let place = Place(folder.path("clips"), register: journal.placeRegister("clips"))
        store = ClipStore(
            folder: folder.path("clips"), keepFree: 1_000, place: place,
            emergency: EmergencyFolder(
                folder: folder.path("emergency"), limit: 100, keepFree: 1_000, space: disk.space),
            logger: log.logger, space: disk.space)
        store.setRetention(.journal(journal, archive: nil, clock: ManualClock(Sample.start)))
        reconciler = ClipReconciler(
            store: store, journal: journal, monotonic: TestClock(stepping: true), logger: log.logger)
    }

    /// Takes the disk away as `umount` does: an empty folder is left.
    private func unmount() throws {
        try FileManager.default.moveItem(atPath: folder.path("clips"), toPath: folder.path("disk"))
        try FileManager.default.createDirectory(atPath: folder.path("clips"), withIntermediateDirectories: false)
    }

    private func mount() throws {
        try FileManager.default.removeItem(atPath: folder.path("clips"))
        try FileManager.default.moveItem(atPath: folder.path("disk"), toPath: folder.path("clips"))
    }

    /// Writes a clip's file where it is to be recorded now, and its entries.
    private func record(_ offset: Int64, bytes: Int = 3) async throws -> Clip {
        var clip = Sample.clip(offset)
        clip.size = Int64(bytes)
        let url = store.urlForRecording(clip.id, camera: clip.camera)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(repeating: 7, count: bytes).write(to: url)
        try await journal.append([.clipClosed(clip)], at: Sample.start)
        return clip
    }

    /// Records four clips, a second apart.
    private func recordFour() async throws -> [Clip] {
        var clips: [Clip] = []
        for offset in 0..<4 { clips.append(try await record(Int64(offset) * 1_000)) }
        return clips
    }

    private func tombstones() async throws -> Int {
        try await journal.entries(after: 0, limit: 1_000).filter { try $0.content().body.kind == "tombstone" }.count
    }

    @Test("a clip that begins before anybody noticed that is made in the emergency folder, not below the mount point")
    func unnoticed() async throws {
        await store.guardDisk()
        try unmount()
        #expect(store.isPlacePresent)
        let clip = Sample.clip()
        let made = try store.createFile(of: clip.id, camera: clip.camera) { url in
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data([7]).write(to: url)
            return url
        }
        #expect(made.path.hasPrefix(folder.path("emergency")) && made == store.url(of: clip.id, camera: clip.camera))
        #expect(!store.isPlacePresent)
        let below = FileManager.default.enumerator(atPath: folder.path("clips"))?.compactMap { $0 as? String } ?? []
        #expect(!below.contains { $0.hasSuffix(".mp4") })
    }

    @Test("a file that lies below the mount point is not adopted, even before anybody noticed")
    func belowMountPoint() async throws {
        await store.guardDisk()
        try unmount()
        let clip = Sample.clip()
        let path = folder.path("clips/\(clip.camera)/2026/11/24/\(clip.id).mp4")
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data([7]).write(to: URL(filePath: path))
        try await reconciler.reconcile(folder.path("clips"))
        #expect(try await journal.catalogue.clip(clip.id) == nil)
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test("no clip is declared deleted, however little room there is, and all are there again with the disk")
    func nothingDeleted() async throws {
        await store.guardDisk()
        let clips = try await recordFour()
        try unmount()
        disk.set(free: 0)
        await store.guardDisk()
        #expect(store.isFull && store.awayReason != nil)
        #expect(await !store.makeRoom())
        #expect(try await tombstones() == 0)
        let first = clips[0]
        let error = #expect(throws: GuardianError.self) { try store.extent(of: first.id, camera: first.camera) }
        #expect(error?.code == .unavailable)
        try mount()
        disk.set(free: 5_000)
        await store.guardDisk()
        #expect(!store.isFull && store.awayReason == nil)
        for clip in clips { #expect(try store.extent(of: clip.id, camera: clip.camera).length == 3) }
    }

    @Test("that nobody has noticed yet, no clip is declared deleted for its room or its age, nor said to be gone")
    func unnoticedDeletion() async throws {
        await store.guardDisk()
        let clips = try await recordFour()
        try unmount()
        disk.set(free: 0)
        #expect(store.isPlacePresent)
        #expect(await !store.makeRoom())
        let future = clips[3].startedAt + 1_000_000
        _ = try await store.removeAged(before: .init(waiting: future, others: future))
        #expect(try await tombstones() == 0)
        let first = clips[0]
        let error = #expect(throws: GuardianError.self) { try store.extent(of: first.id, camera: first.camera) }
        #expect(error?.code == .unavailable)
        try mount()
        disk.set(free: 5_000)
        for clip in clips { #expect(try store.extent(of: clip.id, camera: clip.camera).length == 3) }
    }

    @Test("since a deletion began that could not be recorded, the clip has its file again once the disk is back")
    func awayDuringDeletion() async throws {
        await store.guardDisk()
        let clip = try await record(0)
        disk.set(free: 0)
        store.setRetention(
            ClipRetention(
                candidates: { _ in [.init(clip: clip.id, camera: clip.camera, isDelivered: true)] },
                recordRemoval: { _ in
                    try unmount()
                    throw GuardianError(.unavailable, "The journal cannot be written.")
                }))
        let abandoned = store.abandoned
        #expect(await !store.makeRoom())
        #expect(!store.isPlacePresent && store.abandoned == abandoned + 1)
        disk.set(free: 5_000)
        try mount()
        await store.guardDisk()
        try await reconciler.reconcile(store.folder)
        #expect(try store.extent(of: clip.id, camera: clip.camera).length == 3)
        #expect(try await tombstones() == 0)
    }

    @Test("again while clips move back to it, none is deleted from the emergency folder")
    func awayAgain() async throws {
        await store.guardDisk()
        try unmount()
        await store.guardDisk()
        let clip = try await record(0, bytes: 60)
        try mount()
        await store.guardDisk()
        try unmount()
        #expect(store.isPlacePresent, "nobody has noticed yet")
        try await reconciler.returnEmergencyClips()
        let url = store.url(of: clip.id, camera: clip.camera)
        #expect(url.path.hasPrefix(folder.path("emergency")))
        #expect(try Data(contentsOf: url).count == 60)
        let below = FileManager.default.enumerator(atPath: folder.path("clips"))?.compactMap { $0 as? String } ?? []
        #expect(!below.contains { $0.hasSuffix(".mp4") || $0.hasSuffix(".copy") })
        try mount()
        await store.guardDisk()
        try await reconciler.returnEmergencyClips()
        #expect(store.url(of: clip.id, camera: clip.camera).path.hasPrefix(folder.path("clips")))
    }

    @Test(
        "recording goes on in the emergency folder until that is full, and its clips move to the disk once it is back")
    func emergency() async throws {
        await store.guardDisk()
        try unmount()
        await store.guardDisk()
        #expect(!store.isFull)
        let first = try await record(0, bytes: 60)
        let path = store.url(of: first.id, camera: first.camera).path
        #expect(path.hasPrefix(folder.path("emergency")))
        #expect(try store.extent(of: first.id, camera: first.camera).length == 60, "it can be watched")
        await store.guardDisk()
        #expect(!store.isFull)
        let second = try await record(1_000, bytes: 60)
        await store.guardDisk()
        #expect(store.isFull, "the emergency folder is full")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("clips")).isEmpty)

        try mount()
        await store.guardDisk()
        #expect(!store.isFull)
        try await reconciler.returnEmergencyClips()
        for clip in [first, second] {
            let url = store.url(of: clip.id, camera: clip.camera)
            #expect(url.path.hasPrefix(folder.path("clips")))
            #expect(try Data(contentsOf: url) == Data(repeating: 7, count: 60))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(log.text.contains("clips' disk is away") && log.text.contains("clips' disk is back"))
        var changes = store.coverage.makeAsyncIterator()
        #expect(await changes.next()?.change == .diskFull)
        #expect(await changes.next()?.change == .diskBack)
    }
}
