import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianStorage
import GuardianTestKit
import Testing

@Suite("Candidates for deletion")
struct ClipRetentionTests {
    private let folder = TemporaryFolder()
    private let journal: Journal
    private let ledger: ArchiveLedger

    init() throws {
        journal = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey())
        ledger = try ArchiveLedger(path: folder.path("archive.sqlite"))
    }

    private var retention: ClipRetention {
        .journal(journal, archive: { [ledger] in ledger }, clock: ManualClock(Sample.start + 1_000_000))
    }

    /// Writes closed clips, a second apart, oldest first.
    private func clips(_ count: Int64) async throws -> [Clip] {
        let clips = (0..<count).map { Sample.clip($0 * 1_000) }
        try await journal.append(clips.map { .clipClosed($0) }, at: Sample.start)
        return clips
    }

    /// Acknowledges all waiting entries of a clip.
    private func deliver(_ clip: Clip) async throws {
        let items = try await journal.outbox.next(1_000, excluding: []).filter { $0.subject == clip.id.uuid }
        try await journal.outbox.acknowledge(items, at: Sample.start)
    }

    private func event(of clip: Clip) -> Event { Sample.event(state: .closed, clips: [clip.id]) }

    @Test("are the oldest clips, up to the limit, while none is delivered")
    func undelivered() async throws {
        let clips = try await self.clips(5)
        let candidates = try await retention.candidates(3)
        #expect(candidates.map(\.clip) == clips.prefix(3).map(\.id))
        #expect(candidates.allSatisfy { !$0.isDelivered && $0.camera == Sample.front })
        #expect(try await retention.candidates(9).count == 5)
    }

    @Test("are delivered clips only, if there is any")
    func deliveredFirst() async throws {
        let clips = try await self.clips(6)
        for index in [4, 2, 5] { try await deliver(clips[index]) }
        let candidates = try await retention.candidates(2)
        #expect(candidates.map(\.clip) == [clips[2].id, clips[4].id] && candidates.allSatisfy(\.isDelivered))
    }

    @Test("are continuous clips first while these hold more than a quarter of all bytes")
    func continuous() async throws {
        let events = try await self.clips(6)
        let continuous = (0..<3).map { Sample.clip(10_000 + $0 * 1_000, kind: .continuous) }
        try await journal.append(continuous.map { .clipClosed($0) }, at: Sample.start)
        for clip in events { try await deliver(clip) }
        let candidates = try await retention.candidates(9)
        #expect(candidates.map(\.clip) == continuous.map(\.id) + events.map(\.id))
        #expect(candidates.map(\.isSurplus) == [true, true, true] + Array(repeating: false, count: 6))
        try await retention.recordRemoval(candidates[0])
        // 2 of 8 clips of the same size.
        #expect(try await retention.candidates(9).map(\.clip) == events.map(\.id))
    }

    @Test("include a delivered clip after more than one page of undelivered clips")
    func manyPages() async throws {
        let clips = try await self.clips(999)
        let newest = try #require(clips.last)
        #expect(try await retention.candidates(2).map(\.clip) == clips.prefix(2).map(\.id))
        try await deliver(newest)
        #expect(try await retention.candidates(16).map(\.clip) == [newest.id])
    }

    @Test("exclude a delivered clip that is not archived yet")
    func archive() async throws {
        let clips = try await self.clips(2)
        for clip in clips { try await deliver(clip) }
        try await ledger.want([event(of: clips[0])], throughPosition: 1)
        for state in [.waiting, .uploading, .refused] as [ClipArchiveState] {
            try await ledger.set(clips[0].id, to: state)
            #expect(try await retention.candidates(9).map(\.clip) == [clips[1].id], "\(state)")
        }
        for state in [.stored, .interrupted, .failed] as [ClipArchiveState] {
            try await ledger.set(clips[0].id, to: state)
            #expect(try await retention.candidates(9).map(\.clip) == clips.map(\.id), "\(state)")
        }
    }

    @Test("exclude clips that are being recorded or show a kept event")
    func never() async throws {
        let clips = try await self.clips(2)
        let kept = event(of: clips[0])
        try await journal.append(
            [
                .clipOpened(Sample.clip(-5_000, state: .recording)), .eventClosed(kept),
                .eventKept(Keep(event: kept.id, isKept: true)),
            ], at: Sample.start)
        #expect(try await retention.candidates(9).map(\.clip) == [clips[1].id])
    }

    @Test("get a tombstone with the hash of their file, and are no candidates afterwards")
    func tombstone() async throws {
        var clip = Sample.clip()
        clip.sha256 = .sha256(of: [7])
        try await journal.append([.clipClosed(clip)], at: Sample.start)
        let candidate = try #require(try await retention.candidates(1).first)
        try await retention.recordRemoval(candidate)
        let entry = try #require(try await journal.entries(after: 1, limit: 9).first?.content())
        #expect(
            entry.body == .tombstone(Tombstone(subject: .clip(clip.id), reason: .expired, sha256: .sha256(of: [7]))))
        #expect(entry.at == Sample.start + 1_000_000)
        #expect(try await retention.candidates(9).isEmpty)
    }

    @Test("are refused when their event was kept in the meantime")
    func keptMeanwhile() async throws {
        let clip = try #require(try await clips(1).first)
        let candidate = try #require(try await retention.candidates(1).first)
        let event = self.event(of: clip)
        try await journal.append(
            [.eventClosed(event), .eventKept(Keep(event: event.id, isKept: true))], at: Sample.start)
        let error = await #expect(throws: GuardianError.self) { try await retention.recordRemoval(candidate) }
        #expect(error?.code == .failedPrecondition)
        #expect(try await journal.catalogue.clip(clip.id)?.removed == nil)
    }

    @Test("take the picture of an event along with its last clip: its file is deleted, its hash stays in the journal")
    func pictures() async throws {
        let snapshots = SnapshotStore(folder: folder.path("snapshots"))
        let clock = ManualClock(Sample.start + 1_000_000)
        let retention = ClipRetention.journal(journal, archive: nil, snapshots: snapshots, clock: clock)
        let clips = try await self.clips(3)
        var events: [Event] = []
        for (index, shown) in [[0, 1], [1], [2]].enumerated() {
            var event = Sample.event(Int64(index), state: .closed, clips: shown.map { clips[$0].id })
            event.snapshot = try snapshots.write(
                Data([UInt8(index)]), of: event.id, width: 8, height: 8, at: event.startedAt)
            events.append(event)
        }
        let open = Sample.event(9, clips: [clips[1].id])
        try await journal.append((events + [open]).map { .eventUpdated($0) }, at: Sample.start)
        func picture(_ event: Event) -> Bool {
            event.snapshot.map { FileManager.default.fileExists(atPath: snapshots.path(of: $0, event: event.id)) }
                ?? false
        }
        func remove(_ clip: Clip) async throws {
            try await retention.recordRemoval(.init(clip: clip.id, camera: clip.camera, isDelivered: true))
        }
        try await remove(clips[0])
        #expect(events.map(picture) == [true, true, true], "another clip shows the event")
        try await remove(clips[1])
        #expect(events.map(picture) == [false, false, true])
        #expect(
            try await journal.catalogue.deletedPictures(of: (events + [open]).map(\.id))
                == Set(events.prefix(2).map(\.id)))
        let entries = try await journal.entries(after: 0, limit: 1_000).map { try $0.content().body }
        let hashes = entries.compactMap { body -> Hash256? in
            guard case .tombstone(let tombstone) = body, case .snapshot = tombstone.subject else { return nil }
            return tombstone.sha256
        }
        #expect(Set(hashes) == Set(events.prefix(2).compactMap(\.snapshot?.sha256)))
    }

    @Test("leave no picture behind that older versions left, nor one whose deletion a crash cut short")
    func leftPictures() async throws {
        let snapshots = SnapshotStore(folder: folder.path("snapshots"))
        let clips = try await self.clips(3)
        var events = clips.enumerated().map { Sample.event(Int64($0.offset), state: .closed, clips: [$0.element.id]) }
        for index in events.indices {
            events[index].snapshot = try snapshots.write(
                Data([UInt8(index)]), of: events[index].id, width: 8, height: 8, at: Sample.start)
        }
        try await journal.append(events.map { .eventUpdated($0) }, at: Sample.start)
        // The first lost its clip without its picture; of the second only the file is left.
        try await journal.append(
            [
                .tombstone(Tombstone(subject: .clip(clips[0].id), reason: .expired)),
                .tombstone(Tombstone(subject: .snapshot(events[1].id), reason: .expired)),
            ], at: Sample.start)
        let expiry = PictureExpiry(
            journal: journal, snapshots: snapshots, clock: ManualClock(Sample.start), logger: LogBook().logger)
        try await expiry.expire()
        let left = events.map { event in
            event.snapshot.map { FileManager.default.fileExists(atPath: snapshots.path(of: $0, event: event.id)) }
                ?? false
        }
        #expect(left == [false, false, true])
        #expect(try await journal.catalogue.deletedPictures(of: events.map(\.id)).count == 2)
    }

    @Test("leave no picture behind whose disk was away when its clip was deleted, and write none below a mount point")
    func picturesAway() async throws {
        let pictures = folder.path("snapshots")
        let files = FileManager.default
        let place = Place(pictures, register: journal.placeRegister("snapshots"))
        try files.createDirectory(atPath: pictures, withIntermediateDirectories: true)
        await place.check()
        let snapshots = SnapshotStore(folder: pictures, place: place)
        let clip = try #require(try await clips(1).first)
        var event = Sample.event(0, state: .closed, clips: [clip.id])
        let snapshot = try snapshots.write(Data([1]), of: event.id, width: 8, height: 8, at: Sample.start)
        event.snapshot = snapshot
        try await journal.append([.eventUpdated(event)], at: Sample.start)
        let monotonic = TestClock()
        let expiry = PictureExpiry(
            journal: journal, snapshots: snapshots, clock: ManualClock(Sample.start), monotonic: monotonic,
            logger: LogBook().logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await expiry.run() }
            try await monotonic.waitForSleepers(1)
            // As `umount` does: an empty folder is left, and nobody has noticed.
            try files.moveItem(atPath: pictures, toPath: folder.path("disk"))
            try files.createDirectory(atPath: pictures, withIntermediateDirectories: false)
            #expect(throws: GuardianError.self) {
                try snapshots.write(Data([2]), of: event.id, width: 8, height: 8, at: Sample.start)
            }
            let below = files.enumerator(atPath: pictures)?.compactMap { $0 as? String } ?? []
            #expect(!below.contains { $0.hasSuffix(".jpg") })
            let retention = ClipRetention.journal(
                journal, archive: nil, snapshots: snapshots, clock: ManualClock(Sample.start))
            try await retention.recordRemoval(
                ClipRetention.Candidate(clip: clip.id, camera: clip.camera, isDelivered: true))
            monotonic.advance(by: .seconds(5))
            try await monotonic.waitForSleepers(1)
            try files.removeItem(atPath: pictures)
            try files.moveItem(atPath: folder.path("disk"), toPath: pictures)
            let path = snapshots.path(of: snapshot, event: event.id)
            #expect(files.fileExists(atPath: path))
            try await eventually("the picture is deleted", advancing: monotonic, by: .seconds(5)) {
                !files.fileExists(atPath: path)
            }
            group.cancelAll()
        }
    }

    @Test("try again less and less often to delete a picture whose disk refuses")
    func undeletablePicture() async throws {
        let snapshots = SnapshotStore(folder: folder.path("snapshots"))
        var event = Sample.event(0, state: .closed)
        let snapshot = try snapshots.write(Data([1]), of: event.id, width: 8, height: 8, at: Sample.start)
        event.snapshot = snapshot
        try await journal.append(
            [.eventUpdated(event), .tombstone(Tombstone(subject: .snapshot(event.id), reason: .expired))],
            at: Sample.start)
        // A folder cannot be deleted like a file.
        let path = snapshots.path(of: snapshot, event: event.id)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let (monotonic, log) = (TestClock(), LogBook())
        let expiry = PictureExpiry(
            journal: journal, snapshots: snapshots, clock: ManualClock(Sample.start), monotonic: monotonic,
            logger: log.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await expiry.run() }
            for _ in 0..<3 {
                try await monotonic.waitForSleepers(1)
                monotonic.advance(by: try #require(monotonic.waits.last))
            }
            try await monotonic.waitForSleepers(1)
            #expect(monotonic.waits == [5, 10, 20, 40].map { .seconds($0) })
            #expect(log.count(of: "pictures cannot be deleted") == 4)
            try FileManager.default.removeItem(atPath: path)
            try Data([1]).write(to: URL(filePath: path))
            try await eventually("the picture is deleted", advancing: monotonic, by: .seconds(5)) {
                !FileManager.default.fileExists(atPath: path)
            }
            group.cancelAll()
        }
    }
}
