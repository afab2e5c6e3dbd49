import Foundation
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

    @Test("takes back what a node acknowledged and has no longer, and nothing else")
    func lost() async throws {
        let journal = try journal()
        for number in 0..<10 {
            try await journal.append([.eventUpdated(Sample.event(Int64(number)))], at: Sample.start)
        }
        func holding(_ stored: Int64, through: Int64) -> ChainHolding {
            ChainHolding(chain: journal.chain, stored: stored, through: through)
        }
        let outbox = journal.outbox
        #expect(try await outbox.lost(by: holding(0, through: 0)) == 0, "all wait")
        var items = try await outbox.next(9, excluding: [])
        try await outbox.refuse([(items.removeFirst(), "malformed")], at: Sample.start)
        try await outbox.acknowledge(items, at: Sample.start)
        #expect(try await outbox.lost(by: holding(8, through: 0)) == 0, "one waits, one was refused")
        #expect(try await outbox.lost(by: holding(5, through: 4)) == 3)
        #expect(try await outbox.returnLost(of: holding(5, through: 4), below: nil) == nil)
        let again = try await outbox.next(99, excluding: []).map(\.entry.sequence)
        #expect(again == [9, 8, 7, 6, 5, 1], "not the refused one, nor what the node has")
        #expect(outbox.waiting == 6)
        #expect(try await outbox.lost(by: holding(5, through: 4)) == 0)
        let foreign = ChainHolding(chain: ChainID(UUID()), stored: 0, through: 0)
        #expect(try await outbox.lost(by: foreign) == 0)
        #expect(try await outbox.returnLost(of: foreign, below: nil) == nil)
    }

    @Test("takes a long chain back in slices, and no entry twice")
    func lostSlices() async throws {
        let journal = try journal()
        for _ in 0..<45 {
            try await journal.append(
                (0..<100).map { .eventUpdated(Sample.event(Int64($0))) }, at: Sample.start)
        }
        while case let items = try await journal.outbox.next(1_000, excluding: []), !items.isEmpty {
            try await journal.outbox.acknowledge(items, at: Sample.start)
        }
        let holding = ChainHolding(chain: journal.chain, stored: 0, through: 0)
        #expect(try await journal.outbox.lost(by: holding) == 4_500)
        var seen: [Int] = []
        var last: Int64?
        while let next = try await journal.outbox.returnLost(of: holding, below: last) {
            last = next
            seen.append(journal.outbox.waiting)
        }
        #expect(seen == [2_000, 4_000])
        #expect(journal.outbox.waiting == 4_500)
        #expect(try await journal.outbox.next(1, excluding: []).map(\.entry.sequence) == [4_500])
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
