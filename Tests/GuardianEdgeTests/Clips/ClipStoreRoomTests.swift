import Foundation
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Synchronization
import Testing

@Suite("Making room for clips", .timeLimit(.minutes(10)))
struct ClipStoreRoomTests {
    private let folder = TemporaryFolder()
    private let disk = FakeDisk(free: 1_001)
    private let clock = ManualClock(Sample.start)
    private let camera = Sample.front
    private let store: ClipStore

    init() {
        store = ClipStore(
            folder: folder.path("clips"), keepFree: 1_000, clock: clock, logger: LogBook().logger, space: disk.space)
    }

    /// Writes the file of a clip that started so many days after `Sample.start`.
    private func file(day: Int64) throws -> ClipID {
        let clip = ClipID.v7(at: Sample.start + day * 86_400_000)
        let url = store.url(of: clip, camera: camera)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data([1]).write(to: url)
        return clip
    }

    private func exists(_ clip: ClipID) -> Bool {
        FileManager.default.fileExists(atPath: store.url(of: clip, camera: camera).path)
    }

    /// Makes these clips candidates, in this order; each deletion frees `bytes`.
    private func mayGo(_ clips: [ClipID], freeing bytes: Int64 = 0) -> Removals {
        let removals = Removals()
        store.setRetention(
            ClipRetention(
                candidates: { [camera] limit in
                    let gone = removals.clips
                    return clips.filter { !gone.contains($0) }.prefix(limit).map {
                        ClipRetention.Candidate(clip: $0, camera: camera, isDelivered: true)
                    }
                },
                recordRemoval: { [disk] candidate in
                    removals.add(candidate.clip)
                    disk.add(bytes)
                }))
        return removals
    }

    @Test("follows a change of what stays free")
    func changedFloor() async throws {
        let floor = Slot<Int64>(1_000)
        let store = ClipStore(
            folder: folder.path("clips"), keepFree: floor.value ?? 0, clock: clock, logger: LogBook().logger,
            space: disk.space)
        #expect(store.hasRoom && store.keepFree == 1_000)
        floor.value = 1_001
        #expect(!store.hasRoom)
        await store.guardDisk()
        #expect(store.isFull)
        floor.value = 1_000
        await store.guardDisk()
        #expect(!store.isFull)
    }

    @Test("is necessary when exactly `keepFree` bytes are free")
    func threshold() async throws {
        #expect(store.hasRoom)
        disk.set(free: 1_000)
        #expect(!store.hasRoom)
        #expect(await !store.makeRoom(), "there is no candidate")
    }

    @Test("reports a full disk once and its end once, with the time")
    func coverage() async throws {
        await store.guardDisk()
        #expect(!store.isFull)
        disk.set(free: 0)
        clock.set(Sample.start + 1_000)
        await store.guardDisk()
        await store.guardDisk()
        #expect(store.isFull)
        disk.set(free: 5_000)
        clock.set(Sample.start + 9_000)
        await store.guardDisk()
        await store.guardDisk()
        #expect(!store.isFull)
        var changes = store.coverage.makeAsyncIterator()
        let (full, back) = (await changes.next(), await changes.next())
        #expect(full?.change == .diskFull && full?.at == Sample.start + 1_000 && full?.reason?.isEmpty == false)
        #expect(back?.change == .diskBack && back?.at == Sample.start + 9_000 && back?.reason == nil)
        #expect(full?.camera == nil && back?.camera == nil)
    }

    @Test("reports nothing if deleting an old clip suffices")
    func madeQuietly() async throws {
        let old = try file(day: 0)
        let removals = mayGo([old], freeing: 500)
        disk.set(free: 600)
        await store.guardDisk()
        #expect(!store.isFull && removals.clips == [old] && !exists(old))
    }

    @Test("does not delete a clip that is being recorded")
    func open() async throws {
        let (recording, old) = (try file(day: 0), try file(day: 1))
        store.note(recording, length: 1)
        let removals = mayGo([recording, old])
        disk.set(free: 0)
        #expect(await !store.makeRoom())
        #expect(removals.clips == [old] && exists(recording) && !exists(old))
        store.noteClosed(recording)
        #expect(await !store.makeRoom())
        #expect(!exists(recording))
    }

    @Test("deletes empty folders of days and months, and no folder that contains a clip")
    func folders() async throws {
        let (old, sameMonth, later) = (try file(day: 0), try file(day: 1), try file(day: 40))
        let month = store.url(of: old, camera: camera).deletingLastPathComponent().deletingLastPathComponent()
        #expect(store.url(of: sameMonth, camera: camera).path.hasPrefix(month.path), "the test needs one month")
        _ = mayGo([old, sameMonth], freeing: 300)
        disk.set(free: 750)
        #expect(await store.makeRoom())
        #expect(!exists(old) && exists(sameMonth))
        #expect(try FileManager.default.contentsOfDirectory(atPath: month.path).count == 1)
        disk.set(free: 750)
        #expect(await store.makeRoom())
        #expect(!FileManager.default.fileExists(atPath: month.path) && exists(later))
    }

    @Test("continues when a file was deleted already")
    func goneAlready() async throws {
        let (gone, next) = (try file(day: 0), try file(day: 1))
        try FileManager.default.removeItem(at: store.url(of: gone, camera: camera))
        let removals = mayGo([gone, next], freeing: 600)
        disk.set(free: 0)
        #expect(await store.makeRoom())
        #expect(removals.clips == [gone, next])
    }

    @Test("leaves out a clip whose file cannot be deleted: it has no tombstone, and the next one goes")
    func undeletable() async throws {
        let (stuck, next) = (try file(day: 0), try file(day: 1))
        let url = store.url(of: stuck, camera: camera)
        try FileManager.default.removeItem(at: url)
        // Even root cannot unlink a folder.
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        let removals = mayGo([stuck, next], freeing: 2_000)
        disk.set(free: 0)
        #expect(await store.makeRoom())
        #expect(removals.clips == [next] && exists(stuck) && !exists(next))
    }

    @Test("deletes nothing when the free space cannot be read")
    func unknownSpace() async throws {
        let folder = folder.path("clips")
        let old = try file(day: 0)
        let blind = ClipStore(
            folder: folder, keepFree: 1_000,
            retention: ClipRetention(
                candidates: { [camera] _ in [.init(clip: old, camera: camera, isDelivered: true)] },
                recordRemoval: { _ in Issue.record("a clip was declared deleted") }),
            logger: LogBook().logger, space: { _ in throw GuardianError(.notFound, "statvfs failed") })
        await blind.guardDisk()
        #expect(!blind.isFull && exists(old))
    }
}

/// Clips whose removal was recorded, in order.
private final class Removals: Sendable {
    private let recorded = Mutex<[ClipID]>([])

    var clips: [ClipID] { recorded.withLock { $0 } }
    func add(_ clip: ClipID) { recorded.withLock { $0.append(clip) } }
}
