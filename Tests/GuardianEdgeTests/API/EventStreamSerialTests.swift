import AsyncHTTPClient
import Foundation
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianIdentity
import GuardianJournal
import GuardianOperations
import GuardianTestKit
import Logging
import ServiceLifecycle
import Testing

@Suite("Edge API: the stream of events")
struct EventStreamSerialTests {
    /// Reads `count` events from a running server's stream, then disconnects.
    private func events(
        _ edge: EdgeFixture, gate: Gate = .open, accounts: WebAccounts? = nil, after: String?, count: Int,
        having step: @Sendable (_ seen: Int) async throws -> Void
    ) async throws -> [(id: String?, event: EventView)] {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = try edge.server(gate: gate, accounts: accounts) { found.yield($0) }
        let group = ServiceGroup(services: [server], gracefulShutdownSignals: [], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1/events/stream")
            if let after { request.headers.add(name: "Last-Event-ID", value: after) }
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
            #expect(response.status == .ok)
            try await step(0)
            var text = ""
            var seen: [(id: String?, event: EventView)] = []
            for try await buffer in response.body {
                text += String(buffer: buffer)
                let before = seen.count
                seen = try Self.parse(text)
                if seen.count > before { try await step(seen.count) }
                if seen.count >= count { break }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return seen
        }
    }

    private static func parse(_ text: String) throws -> [(id: String?, event: EventView)] {
        var blocks = text.components(separatedBy: "\n\n")
        blocks.removeLast()
        return try blocks.compactMap { block in
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2 { fields[String(parts[0])] = parts[1].trimmingPrefix(" ").description }
            }
            guard fields["event"] == "event", let data = fields["data"] else { return nil }
            return (fields["id"], try JSONDecoder().decode(EventView.self, from: Data(data.utf8)))
        }
    }

    @Test("events after the connection are pushed, and again when the node has them", .timeLimit(.minutes(10)))
    func news() async throws {
        let clock = TestClock()
        let edge = try EdgeFixture(monotonic: clock)
        try await edge.open(edge.event(at: 0))
        let event = edge.event(at: 60)
        let seen = try await events(edge, after: nil, count: 2) { seen in
            guard seen > 0 else { return try await edge.open(event) }
            let items = try await edge.journal.outbox.next(10, excluding: [])
            try await edge.journal.outbox.acknowledge(items, at: edge.start + 90_000)
            // The check for acknowledged events, the heartbeat, and the check for a stalled peer.
            try await clock.waitForSleepers(3)
            clock.advance(by: .milliseconds(500))
        }
        #expect(seen.map(\.event.id) == [event.id, event.id])
        #expect(seen.first?.id == "2")
        #expect(seen.last?.event.delivery.state == .delivered)
    }

    @Test("a browser that reconnects gets what it missed, and nothing older")
    func resume() async throws {
        let edge = try EdgeFixture()
        let all = (0..<5).map { edge.event(at: $0) }
        for event in all { try await edge.open(event) }
        let seen = try await events(edge, after: "2", count: 3) { _ in }
        #expect(seen.map(\.id) == ["3", "4", "5"])
        #expect(seen.map(\.event.id) == all[2...].map(\.id))
    }

    @Test("a position that the journal never reached restarts the stream from now")
    func otherLife() async throws {
        let edge = try EdgeFixture()
        let event = edge.event(at: 1)
        let seen = try await events(edge, after: "1000000", count: 1) { seen in
            if seen == 0 { try await edge.open(event) }
        }
        #expect(seen.first?.event.id == event.id)
    }

    private func viewer(of cameras: CameraRights, account: AccountID) -> Gate {
        let principal = Principal(
            credential: .session(.v7(at: Timestamp(milliseconds: 1_790_000_000_000))), account: account, name: "test",
            role: .viewer, cameras: cameras)
        return Gate(resolve: { _, _ in principal }, end: { _ in try await Task.sleep(for: .seconds(600)) })
    }

    @Test("says nothing of how much happens at cameras that one does not see, and goes on after a restart")
    func foreignCameras() async throws {
        let edge = try EdgeFixture()
        let account = AccountID.v7(at: edge.start)
        let gate = viewer(of: .only([edge.camera]), account: account)
        let all = (0..<6 as Range<Int64>).map { number in
            var event = edge.event(at: number)
            if number % 2 == 1 { event.camera = .v7(at: edge.start) }
            return event
        }
        for event in all { try await edge.open(event) }
        let mine = all.filter { $0.camera == edge.camera }.map(\.id)
        let first = try await events(edge, gate: gate, accounts: try await edge.accounts(), after: "0", count: 3) { _ in
        }
        #expect(first.map(\.event.id) == mine)
        let ids = first.compactMap(\.id)
        #expect(ids.count == 3 && ids.allSatisfy { $0.count == 48 && Int64($0) == nil })
        // Another process of the same state folder.
        let again = try await events(edge, gate: gate, accounts: try await edge.accounts(), after: ids[0], count: 2) {
            _ in
        }
        #expect(again.map(\.event.id) == Array(mine[1...]))
        #expect(Set(again.compactMap(\.id)).isDisjoint(with: ids))
    }

    @Test(
        "starts from now for a number, which would tell where an event stands, and for somebody else's id",
        arguments: [true, false])
    func guessed(_ isNumber: Bool) async throws {
        let edge = try EdgeFixture()
        for second in 0..<3 as Range<Int64> { try await edge.open(edge.event(at: second)) }
        let gate = viewer(of: .only([edge.camera]), account: .v7(at: edge.start))
        let accounts = try await edge.accounts()
        let other = viewer(of: .only([edge.camera]), account: .v7(at: edge.start))
        let id = try #require(
            isNumber
                ? "1" : try await events(edge, gate: other, accounts: accounts, after: "0", count: 1) { _ in }.first?.id
        )
        let new = edge.event(at: 9)
        let seen = try await events(edge, gate: gate, accounts: accounts, after: id, count: 1) { seen in
            if seen == 0 { try await edge.open(new) }
        }
        #expect(seen.map(\.event.id) == [new.id])
    }
}
