import Foundation
import GRDB
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianTestKit
import Testing

/// What an edge does again and again must not cost more after a year. 16 cameras have about 800 events a day each;
/// `GUARDIAN_RETENTION_DAYS` sets how many days are simulated (365 need 15 GB of disk).
@Suite("The work of retention")
struct RetentionWorkTests {
    private static let eventsPerDay = 16 * 800
    private static let events =
        ProcessInfo.processInfo.environment["GUARDIAN_RETENTION_DAYS"].flatMap { Int($0) }.map { $0 * eventsPerDay }
        ?? 4_000
    /// Events whose clips are on the disk.
    private static let window = 200
    private static let batch = 200
    private let folder = TemporaryFolder()

    @Test("is the same for a clip however many were deleted before", .timeLimit(.minutes(120)))
    func flat() async throws {
        let journal = try Journal(
            path: folder.path("edge.sqlite"), key: DeviceKey(), options: .init(outbox: false))
        let work = try await QueryWork(journal.store, table: "entries")
        let snapshots = SnapshotStore(folder: folder.path("snapshots"))
        var onDisk: [Event] = []
        func record(_ number: Int) async throws {
            let clips = (0..<Self.batch).map { Sample.clip(Int64(number + $0) * 1_000) }
            let events = try clips.enumerated().map { index, clip in
                var event = Sample.event(Int64(number + index) * 1_000, state: .closed, clips: [clip.id])
                // Not among the first, whose clips the measurement deletes.
                if index % 40 == 39 {
                    event.snapshot = try snapshots.write(
                        Data([1]), of: event.id, width: 8, height: 8, at: event.startedAt)
                }
                return event
            }
            try await journal.append(
                clips.map { .clipClosed($0) } + events.map { .eventClosed($0) }
                    + [Coverage.Change.watchLost, .watchBack].enumerated().map { index, change in
                        .coverage(
                            Coverage(
                                change: change, camera: Sample.front, at: Sample.start + Int64(number * 1_000 + index)))
                    }, at: Sample.start)
            onDisk += events
        }
        func delete(to count: Int) async throws {
            let old = onDisk.prefix(max(0, onDisk.count - count))
            onDisk.removeFirst(old.count)
            for event in old { event.snapshot.map { snapshots.remove($0, of: event.id) } }
            try await journal.append(
                old.flatMap { event in
                    event.clips.map { .tombstone(Tombstone(subject: .clip($0.clip), reason: .expired)) }
                        + [.tombstone(Tombstone(subject: .snapshot(event.id), reason: .expired))]
                }, at: Sample.start)
        }
        let retention = ClipRetention.journal(
            journal, archive: nil, snapshots: snapshots, clock: ManualClock(Sample.start))
        let expiry = PictureExpiry(
            journal: journal, snapshots: snapshots, clock: ManualClock(Sample.start), logger: LogBook().logger)
        func measure() async throws -> [String: Int] {
            var steps: [String: Int] = [:]
            var candidates: [ClipRetention.Candidate] = []
            steps["candidates"] = try await work.of { candidates = try await retention.candidates(8) }
            #expect(candidates.map(\.clip) == onDisk.prefix(8).flatMap { $0.clips.map(\.clip) })
            steps["aged"] = try await work.of {
                let start = try #require(onDisk.dropFirst(8).first?.startedAt)
                let aged = try await retention.aged(.init(waiting: start, others: start), 8)
                #expect(aged.map(\.clip) == candidates.map(\.clip))
            }
            steps["removal"] = try await work.of {
                for candidate in candidates { try await retention.recordRemoval(candidate) }
            }
            onDisk.removeFirst(8)
            steps["pictures"] = try await work.of { try await expiry.expire() }
            steps["totals"] = try await work.of {
                let totals = try await journal.catalogue.clipTotals()
                #expect(totals.count == onDisk.count && totals.oldest == onDisk.first?.startedAt)
            }
            steps["page"] = try await work.of {
                _ = try await journal.catalogue.events(EventFilter(), limit: 50)
                _ = try await journal.catalogue.openClips()
                _ = try await journal.catalogue.openEvents()
            }
            steps["watched"] = try await work.of {
                _ = try await journal.catalogue.watchedSince([Sample.front])
                let end = (onDisk.last?.startedAt ?? Sample.start) + Int64(1_000)
                _ = try await journal.catalogue.gaps(from: end + Int64(-1_000_000), to: end)
            }
            return steps
        }

        var early: [String: Int] = [:]
        for number in stride(from: 0, to: Self.events, by: Self.batch) {
            try await record(number)
            try await delete(to: Self.window)
            // The first time also prepares the statements.
            if number == 4 * Self.batch || number == 5 * Self.batch { early = try await measure() }
        }
        let late = try await measure()
        #expect(early.count == 7)
        for (name, steps) in early {
            let now = try #require(late[name])
            #expect(now <= steps + steps / 10, "\(name): \(steps) steps, \(now) after \(Self.events) events")
        }
        let scan = try await work.of {
            _ = try await journal.store.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM tombstones WHERE reason <> ''")
            }
        }
        #expect(scan >= Self.events, "a scan would be noticed")
        try work.close()
    }
}
