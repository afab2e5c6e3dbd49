import GuardianCore
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("The outbox")
struct OutboxTests {
    private let folder = TemporaryFolder()
    private let key = DeviceKey()

    private func journal(_ options: Journal.Options = .init()) throws -> Journal {
        try Journal(path: folder.path("j.sqlite"), key: key, options: options)
    }

    @Test("returns the newest entries first and none that is unacknowledged")
    func order() async throws {
        let journal = try journal()
        for number in 0..<10 {
            try await journal.append([.eventUpdated(Sample.event(Int64(number)))], at: Sample.start)
        }
        let first = try await journal.outbox.next(3, excluding: [])
        #expect(first.map(\.entry.sequence) == [10, 9, 8])
        try await journal.append([.eventUpdated(Sample.event(11))], at: Sample.start)
        let second = try await journal.outbox.next(3, excluding: Set(first.map(\.position)))
        #expect(second.map(\.entry.sequence) == [11, 7, 6])
    }

    @Test("holds its rows over a restart until they are acknowledged")
    func restart() async throws {
        let journal = try journal()
        try await journal.append([.eventUpdated(Sample.event()), .eventUpdated(Sample.event(1))], at: Sample.start)
        let items = try await journal.outbox.next(1, excluding: [])
        try await journal.outbox.acknowledge(items, at: Sample.start)
        try journal.close()
        let again = try self.journal()
        #expect(again.outbox.waiting == 1)
        #expect(try await again.outbox.next(9, excluding: []).map(\.entry.sequence) == [1])
    }

    @Test("reports each event's delivery")
    func delivery() async throws {
        let journal = try journal()
        let event = Sample.event()
        try await journal.append([.eventOpened(event, Sample.judgement)], at: Sample.start)
        #expect(try await journal.outbox.delivery(of: [event.id])[event.id]?.state == .waiting)
        var items = try await journal.outbox.next(1, excluding: [])
        try await journal.outbox.returned(items.map(\.position))
        items = try await journal.outbox.next(1, excluding: [])
        try await journal.outbox.acknowledge(items, at: Sample.start + 100)
        #expect(
            try await journal.outbox.delivery(of: [event.id])[event.id]
                == EventDelivery(
                    state: .delivered, attempts: 2, acknowledgedAt: Sample.start + 100,
                    firstAcknowledgedAt: Sample.start + 100, latency: 100))
        try await journal.append([.eventClosed(event.changed { $0.state = .closed })], at: Sample.start)
        let waiting = try await journal.outbox.delivery(of: [event.id])[event.id]
        #expect(waiting?.state == .waiting)
        #expect(waiting?.firstAcknowledgedAt == Sample.start + 100)
        try await journal.outbox.acknowledge(try await journal.outbox.next(1, excluding: []), at: Sample.start + 900)
        let done = try await journal.outbox.delivery(of: [event.id])[event.id]
        #expect(done?.state == .delivered)
        #expect(done?.acknowledgedAt == Sample.start + 900)
        #expect(done?.firstAcknowledgedAt == Sample.start + 100)
    }

    @Test("includes entries that were written while there was no node")
    func switchedOnLater() async throws {
        let without = try journal(.init(outbox: false))
        try await without.append([.eventUpdated(Sample.event()), .eventUpdated(Sample.event(1))], at: Sample.start)
        #expect(without.outbox.waiting == 0)
        try without.close()
        let with = try journal()
        #expect(with.outbox.waiting == 2)
        try with.close()
        #expect(try journal().outbox.waiting == 2)
    }

    @Test("keeps rejected entries apart, with the reason")
    func refusal() async throws {
        let journal = try journal()
        try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
        let items = try await journal.outbox.next(1, excluding: [])
        try await journal.outbox.refuse(items.map { ($0, "no") }, at: Sample.start)
        #expect(journal.outbox.waiting == 0)
        let refusals = try await journal.outbox.refusals()
        #expect(refusals.count == 1)
        #expect(refusals.lastReason == "no")
    }
}
