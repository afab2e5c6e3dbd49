import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("Deleting clips for their age", .timeLimit(.minutes(10)))
struct ClipExpiryTests {
    private static let day: Int64 = 86_400_000
    private let folder = TemporaryFolder()
    private let disk = FakeDisk(free: 1 << 40)
    private let clock = ManualClock(Sample.start)
    private let monotonic = TestClock()
    private let log = LogBook()
    private let journal: Journal
    private let ledger: ArchiveLedger
    private let store: ClipStore
    /// Whether a time service says that it has set the clock.
    private let isSynchronised = Slot(false)
    private let days = Slot<Int>()

    init() throws {
        journal = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey())
        ledger = try ArchiveLedger(path: folder.path("archive.sqlite"))
        store = ClipStore(
            folder: folder.path("clips"), keepFree: 1_000, clock: clock, logger: log.logger, space: disk.space)
        store.setRetention(.journal(journal, archive: { [ledger] in ledger }, clock: clock))
    }

    /// Returns what a start of the recorder makes.
    private func started(newest: Timestamp? = nil) -> ClipExpiry {
        ClipExpiry(
            store: store, journal: journal, file: BelievedTimeFile(path: folder.path("believed-time")), newest: newest,
            days: { [days] in days.value }, isSynchronised: { [isSynchronised] in isSynchronised.value ?? false },
            clock: clock, monotonic: monotonic, logger: log.logger)
    }

    /// Records a clip that begins at so many days after `Sample.start`.
    @discardableResult
    private func record(day: Double) async throws -> Clip {
        let clip = Sample.clip(Int64(day * Double(Self.day)))
        let url = store.url(of: clip.id, camera: clip.camera)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data([1]).write(to: url)
        try await journal.append([.clipClosed(clip)], at: clip.startedAt)
        return clip
    }

    private func isThere(_ clip: Clip) async throws -> Bool {
        let known = try await journal.catalogue.clip(clip.id)
        let isThere = FileManager.default.fileExists(atPath: store.url(of: clip.id, camera: clip.camera).path)
        #expect((known?.removed == nil) == isThere)
        if !isThere { #expect(known?.removed == .expired && known?.cause == .age) }
        return isThere
    }

    /// Lets so much time pass.
    private func pass(days: Double) {
        let time = Int64(days * Double(Self.day))
        clock.set(clock.now() + time)
        monotonic.advance(by: .milliseconds(time))
    }

    @Test("waits for the number of days, and for nothing without one")
    func numberOfDays() async throws {
        let (old, young) = (try await record(day: -5), try await record(day: -2))
        let expiry = started()
        #expect(await !expiry.round(nil))
        #expect(try await isThere(old))
        #expect(expiry.oldest == old.startedAt)
        #expect(await !expiry.round(3))
        #expect(try await !isThere(old))
        #expect(try await isThere(young))
        #expect(expiry.oldest == young.startedAt)
        pass(days: 0.999)
        _ = await expiry.round(3)
        #expect(try await isThere(young))
        pass(days: 0.002)
        _ = await expiry.round(3)
        #expect(try await !isThere(young))
        #expect(log.count(of: "deleted a clip for its age") == 2 && log.count(of: "to make room") == 0)
        #expect(try await journal.catalogue.clipTotals().count == 0)
    }

    @Test("spares clips of kept events and those that are recorded now, and takes pictures along")
    func spared() async throws {
        let (kept, gone) = (try await record(day: -5), try await record(day: -4))
        let events = [kept, gone].map { Sample.event(state: .closed, clips: [$0.id]) }
        let open = Sample.clip(-6 * Self.day, state: .recording)
        try await journal.append(
            events.map { .eventClosed($0) } + [.eventKept(Keep(event: events[0].id, isKept: true)), .clipOpened(open)],
            at: Sample.start)
        _ = await started().round(1)
        #expect(try await isThere(kept))
        #expect(try await !isThere(gone))
        #expect(try await journal.catalogue.clip(open.id)?.removed == nil)
        #expect(try await journal.catalogue.deletedPictures(of: events.map(\.id)) == [events[1].id])
        #expect(try await journal.catalogue.event(events[1].id) != nil)
    }

    @Test(
        "leaves a clip that waits for the archive, as many days again and seven at most",
        arguments: [(2, 3.5, 4.5), (30, 36.9, 37.1)] as [(Int, Double, Double)])
    func waiting(days: Int, left: Double, gone: Double) async throws {
        let (waits, stored) = (try await record(day: -left), try await record(day: -left + 0.01))
        for clip in [waits, stored] {
            try await ledger.want([Sample.event(state: .closed, clips: [clip.id])], throughPosition: 1)
        }
        try await ledger.set(stored.id, to: .stored)
        let expiry = started()
        _ = await expiry.round(days)
        #expect(try await isThere(waits))
        #expect(try await !isThere(stored))
        pass(days: gone - left)
        _ = await expiry.round(days)
        #expect(try await !isThere(waits))
    }

    @Test("waits for no archive where there is none, and counts all clips as waiting while the ledger cannot be read")
    func ledgers() async throws {
        let clip = try await record(day: -4)
        store.setRetention(.journal(journal, archive: { nil }, clock: clock))
        let expiry = started()
        _ = await expiry.round(3)
        #expect(try await isThere(clip))
        store.setRetention(.journal(journal, archive: { nil }, isArchiving: { false }, clock: clock))
        _ = await expiry.round(3)
        #expect(try await !isThere(clip))
    }

    @Test("deletes a bounded number in a round, and says that there are more")
    func bounded() async throws {
        for number in 0..<40 { try await record(day: -9 + Double(number) / 100) }
        let expiry = started()
        var left: [Int] = []
        for _ in 0..<3 {
            let isMore = await expiry.round(3)
            left.append(try await journal.catalogue.clipTotals().count)
            #expect(isMore == (left.count < 3))
        }
        #expect(left == [24, 8, 0])
    }

    @Test("goes on behind clips whose files cannot be deleted")
    func undeletable() async throws {
        let clips = [try await record(day: -9), try await record(day: -8)]
        let stuck = store.url(of: clips[0].id, camera: clips[0].camera)
        try FileManager.default.removeItem(at: stuck)
        try FileManager.default.createDirectory(at: stuck, withIntermediateDirectories: false)
        let expiry = started()
        for _ in 0..<2 { _ = await expiry.round(3) }
        #expect(try await journal.catalogue.clip(clips[0].id)?.removed == nil)
        #expect(try await !isThere(clips[1]))
        #expect(log.count(of: "clip file cannot be deleted") == 1)
    }

    @Test("deletes nothing by a clock that jumps a year ahead, says so, and goes on once it is set right")
    func yearAhead() async throws {
        let clip = try await record(day: 0)
        days.value = 30
        let expiry = started()
        _ = await expiry.round(30)
        clock.set(Sample.start + 365 * Self.day)
        // What the recorder writes has the same wrong time.
        try await journal.append([.coverage(Coverage(change: .started, camera: nil, at: clock.now()))], at: clock.now())
        for _ in 0..<2 { _ = await expiry.round(30) }
        #expect(try await isThere(clip))
        #expect(log.count(of: "clock of the recorder is not believed") == 1)
        let problem = try #require(expiry.problems.first)
        #expect(problem.what.contains("no clip is deleted for its age") && problem.remedy.contains("--accept-clock"))
        days.value = nil
        #expect(expiry.problems.isEmpty, "without a number of days nothing is wrong")
        days.value = 30
        // A restart with the same wrong clock.
        let again = started(newest: clock.now())
        _ = await again.round(30)
        #expect(try await isThere(clip))
        clock.set(Sample.start + Self.day)
        _ = await again.round(30)
        #expect(again.problems.isEmpty && log.count(of: "is believed again") == 1)
        #expect(try await isThere(clip))
    }

    @Test("compares the clock with the newest entry where no time is noted yet")
    func aheadAtStart() async throws {
        let clip = try await record(day: 0)
        clock.set(Sample.start + 40 * Self.day)
        _ = await started(newest: Sample.start).round(30)
        #expect(try await isThere(clip))
        // A time service has set the clock.
        isSynchronised.value = true
        _ = await started(newest: Sample.start).round(30)
        #expect(try await !isThere(clip))
    }

    @Test("believes a clock after a night off, and after weeks off once a person says that it is right")
    func off() async throws {
        let clips = [try await record(day: -30), try await record(day: -29.5)]
        _ = await started().round(31)
        clock.set(Sample.start + Self.day)
        _ = await started().round(30)
        for clip in clips { #expect(try await !isThere(clip)) }
        let young = try await record(day: 1)
        clock.set(Sample.start + 60 * Self.day)
        let expiry = started()
        _ = await expiry.round(30)
        #expect(try await isThere(young))
        try BelievedTimeFile(path: folder.path("believed-time")).write(clock.now())
        _ = await expiry.round(30)
        #expect(try await !isThere(young))
    }

    @Test("takes no clip for old because a wrong clock has dated it")
    func wrongDates() async throws {
        let expiry = started()
        _ = await expiry.round(30)
        let real = clock.now()
        clock.set(Timestamp(milliseconds: 0))
        let clip = try await record(day: Double(-Sample.start.milliseconds / Self.day))
        _ = await expiry.round(30)
        clock.set(real)
        for _ in 0..<29 {
            pass(days: 1)
            _ = await expiry.round(30)
        }
        #expect(try await isThere(clip))
        pass(days: 2)
        _ = await expiry.round(30)
        #expect(try await !isThere(clip))
    }

    @Test("looks again once a minute, at once when the number of days changes, and every second while there are more")
    func rounds() async throws {
        for number in 0..<20 { try await record(day: -9 + Double(number) / 100) }
        let late = try await record(day: -3 + 30 / 86_400)
        let expiry = started()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await expiry.run() }
            defer { group.cancelAll() }
            try await monotonic.waitForSleepers(1)
            #expect(try await journal.catalogue.clipTotals().count == 21)
            days.value = 3
            for left in [5, 1] {
                try await monotonic.advanceOnceAsleep(by: .seconds(1))
                try await monotonic.waitForSleepers(1)
                #expect(try await journal.catalogue.clipTotals().count == left)
            }
            clock.set(Sample.start + 100_000)
            try await monotonic.advanceOnceAsleep(by: .seconds(58))
            try await monotonic.waitForSleepers(1)
            #expect(try await isThere(late))
            try await monotonic.advanceOnceAsleep(by: .seconds(60))
            try await monotonic.waitForSleepers(1)
            #expect(try await !isThere(late))
        }
    }

    @Test("says why clips that are too old cannot be deleted, and logs it once")
    func failing() async throws {
        try await record(day: -9)
        days.value = 3
        let expiry = started()
        try journal.close()
        for _ in 0..<2 { #expect(await !expiry.round(3)) }
        #expect(expiry.problems.first?.what.contains("cannot be deleted") == true)
        #expect(log.count(of: "deleting clips for their age failed, retrying") == 1)
    }

    @Test("a believed time is read as it was written, and nothing else is")
    func file() throws {
        let file = BelievedTimeFile(path: folder.path("time"))
        #expect(file.read() == nil)
        try file.write(Sample.start)
        #expect(file.read() == Sample.start)
        for text in ["", "soon", "99999999999999999999", "-1"] {
            try Data(text.utf8).write(to: URL(filePath: file.path))
            #expect(file.read() == nil, "\(text)")
        }
    }
}
