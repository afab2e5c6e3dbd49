import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianStorage
import GuardianTestKit
import Testing

@Suite("The catalogue")
struct CatalogueTests {
    private let folder = TemporaryFolder()

    private func journal() throws -> Journal { try Journal(path: folder.path("j.sqlite"), key: DeviceKey()) }

    @Test("pages through all events, newest first, each once, whatever the filter")
    func paging() async throws {
        let journal = try journal()
        var events: [Event] = []
        for number in 0..<57 {
            // Some begin at the same millisecond; then the id defines the order.
            events.append(
                Sample.event(
                    Int64(number / 3) * 1_000, camera: number % 2 == 0 ? Sample.front : Sample.yard,
                    label: number % 5 == 0 ? Sample.car : .person))
        }
        try await journal.append(events.shuffled().map { .eventUpdated($0) }, at: Sample.start)
        let filters: [EventFilter] = [
            EventFilter(), EventFilter(cameras: [Sample.front]), EventFilter(label: Sample.car),
            EventFilter(cameras: [Sample.yard], label: .person),
            EventFilter(cameras: [Sample.yard, Sample.front]), EventFilter(cameras: [], label: .person),
            EventFilter(from: Sample.start + 3_000, to: Sample.start + 9_000),
            EventFilter(cameras: [Sample.front], from: Sample.start + 3_000, to: Sample.start + 9_000),
        ]
        for filter in filters {
            let expected = events.filter { event in
                (filter.cameras?.contains(event.camera) ?? true) && (filter.label ?? event.label) == event.label
                    && (filter.from ?? event.startedAt) <= event.startedAt
                    && event.startedAt < (filter.to ?? event.startedAt + 1)
            }.sorted { ($0.startedAt, $0.id) > ($1.startedAt, $1.id) }
            var found: [Event] = []
            var cursor: PageCursor?
            repeat {
                let page = try await journal.catalogue.events(filter, limit: 7, after: cursor)
                found += page.items
                cursor = page.next.flatMap { PageCursor($0.description) }
            } while cursor != nil
            #expect(found == expected)
        }
    }

    @Test("refuses a cursor that it did not write", arguments: ["", "x", "AAAA", String(repeating: "A", count: 33)])
    func cursors(text: String) {
        #expect(PageCursor(text) == nil)
    }

    @Test(
        "answers every list from an index, without sorting",
        arguments: [nil, 1, 3], [true, false])
    func plans(cameras: Int?, label: Bool) throws {
        _ = try journal()
        let statements = [
            CatalogueSQL.page(cameras: cameras, label: label, cursor: true),
            CatalogueSQL.page(cameras: cameras, label: label, cursor: false),
            CatalogueSQL.density(cameras: cameras, label: label), CatalogueSQL.eventBefore(cameras: cameras),
            CatalogueSQL.eventAfter(cameras: cameras),
            CatalogueSQL.firstCamera, CatalogueSQL.nextCamera, CatalogueSQL.eventPayload, CatalogueSQL.clipPayload,
            CatalogueSQL.openEvents,
            CatalogueSQL.openClips,
            CatalogueSQL.eventsOfClip, CatalogueSQL.oldestClips(onlyContinuous: false),
            CatalogueSQL.oldestClips(onlyContinuous: true),
            CatalogueSQL.clips(label ? .continuous : nil, cameras: cameras, cursor: true),
            CatalogueSQL.clips(label ? .event : .continuous, cameras: cameras, cursor: false),
            CatalogueSQL.agedClips, CatalogueSQL.believedPosition, CatalogueSQL.firstChange,
            CatalogueSQL.firstCoveredCamera, CatalogueSQL.nextCoveredCamera,
        ]
        try Store.inspect(path: folder.path("j.sqlite")) { database in
            for sql in statements {
                let arguments = StatementArguments(Array(repeating: 0, count: sql.count(where: { $0 == "?" })))
                let plan = try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments)
                    .map { $0["detail"] as String }
                for step in plan {
                    // A partial index holds only the rows that the query needs, so a scan of it reads no others.
                    #expect(!step.hasPrefix("SCAN ") || step.hasSuffix("_open"), "\(sql): \(step)")
                    #expect(!step.contains("TEMP B-TREE FOR ORDER BY"), "\(sql): \(step)")
                }
            }
        }
    }

    @Test("names every camera that has an event, once")
    func cameras() async throws {
        let journal = try journal()
        #expect(try await journal.catalogue.cameras() == [])
        let ids = (0..<3).map { _ in CameraID(UUID()) }
        let events = (0..<6).map { Sample.event(Int64($0) * 1_000, camera: ids[$0 % 3]) }
        try await journal.append(events.map { .eventClosed($0) }, at: Sample.start)
        let cameras = try await journal.catalogue.cameras()
        #expect(cameras.count == Set(cameras).count && Set(cameras) == Set(ids))
    }

    @Test("names the clips that are older than a time and were written before it")
    func aged() async throws {
        let journal = try journal()
        let day: Int64 = 86_400_000
        let clips = (0..<4).map { Sample.clip(Int64($0) * 1_000) }
        try await journal.append(clips.map { .clipClosed($0) }, at: Sample.start)
        func aged(_ milliseconds: Int64) async throws -> [ClipID] {
            try await journal.catalogue.agedClips(before: Sample.start + milliseconds, limit: 9).items.map(\.id)
        }
        #expect(try await aged(0) == [])
        #expect(try await aged(2_000) == clips.prefix(2).map(\.id))
        let first = try await journal.catalogue.agedClips(before: Sample.start + 3_000, limit: 2)
        let second = try await journal.catalogue.agedClips(before: Sample.start + 3_000, limit: 2, after: first.next)
        #expect((first.items + second.items).map(\.id) == clips.prefix(3).map(\.id) && second.next == nil)
        // Once a day, and not again when the clock goes back.
        try await journal.noteBelieved(Sample.start + day)
        let late = Sample.clip(-9 * day)
        try await journal.append([.clipClosed(late)], at: Sample.start)
        for time in [day + 1, 0, day] { try await journal.noteBelieved(Sample.start + time) }
        #expect(try await aged(2_000) == clips.prefix(2).map(\.id), "it was written later than its date says")
        #expect(try await aged(day + 1).count == 5)
        try await journal.append(
            [.tombstone(Tombstone(subject: .clip(late.id), reason: .expired, cause: .age))], at: Sample.start)
        #expect(
            try await journal.catalogue.clip(late.id) == CatalogueClip(clip: late, removed: .expired, cause: .age))
        #expect(try await aged(day + 1).count == 4)
    }

    @Test("knows each event's neighbours in time")
    func neighbours() async throws {
        let journal = try journal()
        let events = (0..<3).map { Sample.event(Int64($0) * 1_000) }
        try await journal.append(events.reversed().map { .eventUpdated($0) }, at: Sample.start)
        let middle = try await journal.catalogue.neighbours(of: events[1].id)
        #expect(middle.previous == events[0].id)
        #expect(middle.next == events[2].id)
        let first = try await journal.catalogue.neighbours(of: events[0].id)
        #expect(first.previous == nil)
        let mine = try await journal.catalogue.neighbours(of: events[1].id, cameras: [events[1].camera])
        #expect(mine.previous == events[0].id && mine.next == events[2].id)
        for cameras in [[], [CameraID(UUID())], [CameraID(UUID()), CameraID(UUID())]] as [Set<CameraID>] {
            let others = try await journal.catalogue.neighbours(of: events[1].id, cameras: cameras)
            #expect(others.previous == nil && others.next == nil)
        }
        let unknown = try await journal.catalogue.neighbours(of: .v7(at: Sample.start))
        #expect(unknown.previous == nil && unknown.next == nil)
    }

    @Test("counts events by steps of time")
    func density() async throws {
        let journal = try journal()
        try await journal.append(
            [0, 100, 999, 1_000, 5_500].map { .eventUpdated(Sample.event($0)) }, at: Sample.start)
        let steps = try await journal.catalogue.density(
            EventFilter(cameras: [Sample.front]), from: Sample.start, to: Sample.start + 10_000, step: 1_000)
        #expect(steps.map(\.count) == [3, 1, 1])
        #expect(steps.map(\.at) == [Sample.start, Sample.start + 1_000, Sample.start + 5_000])
        await #expect(throws: GuardianError.self) {
            try await journal.catalogue.density(
                EventFilter(), from: Sample.start, to: Sample.start + 100_000_000, step: 1)
        }
    }

    @Test("lists clips whose files were not deleted, by kind, camera and time, in pages")
    func clipPages() async throws {
        let journal = try journal()
        let clips = (0..<9).map { number in
            Sample.clip(
                Int64(number) * 1_000, camera: number < 6 ? Sample.front : CameraID(UUID()),
                kind: number % 3 == 0 ? .continuous : .event)
        }
        try await journal.append(clips.map { .clipClosed($0) }, at: Sample.start)
        try await journal.append(
            [.tombstone(Tombstone(subject: .clip(clips[1].id), reason: .expired))], at: Sample.start)
        let left = clips.enumerated().filter { $0.offset != 1 }.map(\.element)
        func all(_ kind: Clip.Kind?, camera: CameraID? = nil, from: Timestamp? = nil) async throws -> [Clip] {
            var (found, cursor): ([Clip], PageCursor?) = ([], nil)
            repeat {
                let page = try await journal.catalogue.clips(
                    kind, cameras: camera.map { [$0] }, from: from, limit: 2,
                    after: cursor)
                found += page.items
                cursor = page.next
            } while cursor != nil
            return found
        }
        #expect(try await all(nil) == left.reversed())
        #expect(try await all(.continuous) == [clips[6], clips[3], clips[0]])
        #expect(try await all(.event, camera: Sample.front, from: Sample.start + 3_000) == [clips[5], clips[4]])
        #expect(try await journal.catalogue.oldestClips(onlyContinuous: true, limit: 2).items == [clips[0], clips[3]])
        let totals = try await journal.catalogue.clipTotals()
        #expect(totals.bytes == 24 && totals.continuousBytes == 9)
        try await journal.append(
            [.tombstone(Tombstone(subject: .clip(clips[3].id), reason: .expired))], at: Sample.start)
        #expect(try await journal.catalogue.clipTotals().continuousBytes == 6)
    }

    @Test("shows clips with their state")
    func clips() async throws {
        let journal = try journal()
        let clip = Sample.clip(state: .recording)
        let event = Sample.event(clips: [clip.id])
        try await journal.append([.clipOpened(clip), .eventOpened(event, Sample.judgement)], at: Sample.start)
        #expect(try await journal.catalogue.openClips() == [clip])
        #expect(try await journal.catalogue.openEvents() == [event])
        #expect(try await journal.catalogue.events(in: clip.id) == [event.id])
        let closed = Sample.clip()
        var done = closed
        done.id = clip.id
        try await journal.append(
            [.clipClosed(done), .eventClosed(event.changed { $0.state = .closed })], at: Sample.start)
        #expect(try await journal.catalogue.openClips().isEmpty)
        #expect(try await journal.catalogue.openEvents().isEmpty)
        #expect(try await journal.catalogue.oldestClips(limit: 5).items == [done])
        #expect(try await journal.catalogue.clipTotals().count == 1)
        // A clip whose tombstone arrives first, as at a node, counts just as little.
        let late = Sample.clip(70_000)
        try await journal.append([.tombstone(Tombstone(subject: .clip(late.id), reason: .expired))], at: Sample.start)
        try await journal.append([.clipClosed(late)], at: Sample.start)
        #expect(try await journal.catalogue.clipTotals().count == 1)
        try await journal.append(
            [.tombstone(Tombstone(subject: .clip(clip.id), reason: .expired))], at: Sample.start)
        #expect(try await journal.catalogue.clip(clip.id) == CatalogueClip(clip: done, removed: .expired))
        #expect(try await journal.catalogue.oldestClips(limit: 5).items.isEmpty)
    }
}
