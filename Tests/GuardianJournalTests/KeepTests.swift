import GuardianCore
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("Keeping an event")
struct KeepTests {
    private let folder = TemporaryFolder()

    private func journal() throws -> Journal { try Journal(path: folder.path("edge.sqlite"), key: DeviceKey()) }

    /// Appends a closed event with a clip of its own.
    private func visit(_ journal: Journal, at offset: Int64 = 0) async throws -> (event: Event, clip: Clip) {
        let clip = Sample.clip(offset)
        let event = Sample.event(offset, state: .closed, clips: [clip.id])
        try await journal.append(
            [.clipOpened(clip), .eventOpened(event, Sample.judgement), .clipClosed(clip), .eventClosed(event)],
            at: Sample.start)
        return (event, clip)
    }

    private func keep(_ event: Event, _ isKept: Bool = true, in journal: Journal) async throws {
        try await journal.append([.eventKept(Keep(event: event.id, isKept: isKept))], at: Sample.start)
    }

    private func expire(_ clip: Clip, in journal: Journal) async throws {
        try await journal.append(
            [.tombstone(Tombstone(subject: .clip(clip.id), reason: .expired))], at: Sample.start)
    }

    @Test("is written, read, and survives a restart")
    func durable() async throws {
        let first = try journal()
        let (event, _) = try await visit(first)
        let body = JournalBody.eventKept(Keep(event: event.id, isKept: true))
        let entry = try #require(try await first.append([body], at: Sample.start).first)
        #expect(try entry.content().body == body)
        try first.close()
        let again = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey())
        #expect(try await again.catalogue.kept(of: [event.id]) == [event.id])
        try again.close()
    }

    @Test("removes its clip from the retention candidates, until it is released")
    func retention() async throws {
        let journal = try journal()
        let (kept, clip) = try await visit(journal)
        let (_, other) = try await visit(journal, at: 60_000)
        try await keep(kept, in: journal)
        #expect(try await journal.catalogue.oldestClips(limit: 5).items.map(\.id) == [other.id])
        let refusal = await #expect(throws: GuardianError.self) { try await expire(clip, in: journal) }
        #expect(refusal?.code == .failedPrecondition)
        #expect(try await journal.catalogue.clip(clip.id)?.removed == nil)
        try await keep(kept, false, in: journal)
        #expect(try await journal.catalogue.oldestClips(limit: 5).items.map(\.id) == [clip.id, other.id])
        try await expire(clip, in: journal)
    }

    @Test("keeps a clip that shows a second event, which nobody keeps")
    func shared() async throws {
        let journal = try journal()
        let (kept, clip) = try await visit(journal)
        let second = Sample.event(2_000, state: .closed, clips: [clip.id])
        try await journal.append([.eventOpened(second, Sample.judgement), .eventClosed(second)], at: Sample.start)
        try await keep(kept, in: journal)
        #expect(try await journal.catalogue.oldestClips(limit: 5).items.isEmpty)
    }

    @Test("is refused with a reason when nothing is left to keep, and not while the event goes on")
    func refused() async throws {
        let journal = try journal()
        let (event, clip) = try await visit(journal)
        try await expire(clip, in: journal)
        let late = await #expect(throws: GuardianError.self) { try await keep(event, in: journal) }
        #expect(late?.code == .failedPrecondition)
        #expect(late?.message.contains("deleted") == true)
        let bare = Sample.event(60_000, state: .closed)
        let open = Sample.event(120_000)
        try await journal.append(
            [.eventOpened(bare, Sample.judgement), .eventClosed(bare), .eventOpened(open, Sample.judgement)],
            at: Sample.start)
        let never = await #expect(throws: GuardianError.self) { try await keep(bare, in: journal) }
        #expect(never?.message.contains("no clip") == true)
        let unknown = await #expect(throws: GuardianError.self) { try await keep(Sample.event(1), in: journal) }
        #expect(unknown?.code == .notFound)
        try await keep(open, in: journal)
        #expect(try await journal.catalogue.kept(of: [event.id, bare.id, open.id]) == [open.id])
    }

    @Test("narrows lists and counts to what is kept, in pages, by camera and label")
    func lists() async throws {
        let journal = try journal()
        var kept: [EventID] = []
        for number in 0..<9 {
            let (event, _) = try await visit(journal, at: Int64(number) * 1_000)
            guard number % 3 == 0 else { continue }
            try await keep(event, in: journal)
            kept.insert(event.id, at: 0)
        }
        for filter in [
            EventFilter(isKept: true), EventFilter(cameras: [Sample.front], label: .person, isKept: true),
        ] {
            var found: [EventID] = []
            var cursor: PageCursor?
            repeat {
                let page = try await journal.catalogue.events(filter, limit: 2, after: cursor)
                found += page.items.map(\.id)
                cursor = page.next
            } while cursor != nil
            #expect(found == kept)
        }
        #expect(
            try await journal.catalogue.events(EventFilter(cameras: [Sample.yard], isKept: true), limit: 5).items
                .isEmpty)
        let steps = try await journal.catalogue.density(
            EventFilter(isKept: true), from: Sample.start, to: Sample.start + 9_000, step: 9_000)
        #expect(steps.map(\.count) == [3])
    }

    @Test("notifies followers of the event")
    func changes() async throws {
        let journal = try journal()
        let (event, _) = try await visit(journal)
        let position = journal.position
        try await keep(event, in: journal)
        var changes = journal.changes(after: position).makeAsyncIterator()
        #expect(try await changes.next()?.events == [event.id])
    }
}
