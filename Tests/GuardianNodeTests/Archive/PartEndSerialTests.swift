import Foundation
import GuardianArchive
import GuardianCore
import GuardianNode
import GuardianTestKit
import Testing

@Suite("How a part of the archive ends")
struct PartEndSerialTests {
    private var fixture: ArchiveFixture
    private let clock = TestClock()

    init() throws {
        fixture = try ArchiveFixture()
        fixture.timings.silence = .seconds(15)
        fixture.monotonic = clock
    }

    /// Waits until a condition holds for the only part, and lets time pass meanwhile.
    private func eventually(
        _ what: String, line: Int = #line, _ condition: (ArchiveFixture.PartRow?) -> Bool
    ) async throws {
        try await GuardianTestKit.eventually(what, advancing: clock, by: .seconds(1), line: line) {
            condition(try await fixture.rows().first)
        }
    }

    /// Sends the first `count` messages, then disconnects.
    private func sendAndDisconnect(_ edge: EdgeSide, _ sample: SealedSample, after count: Int) async throws {
        try await edge.stream(of: sample) { stream in
            _ = try await stream.durable()
            for message in sample.messages.prefix(count) {
                try await stream.send(message)
                _ = try await stream.durable()
            }
        }
    }

    @Test("a timeout ends it with its whole segments, marked interrupted, and the owner opens them")
    func silence() async throws {
        var sample = try SealedSample(fixture, pieces: 3)
        // A device that ignores segment boundaries: an incomplete segment after the whole ones.
        let whole = sample.messages[0].bytes.count + sample.messages[1].bytes.count
        sample.messages[2].bytes.removeLast(1_000)
        let sent = sample
        try await fixture.run { edge in
            try await sendAndDisconnect(edge, sent, after: 3)
            try await eventually("it is stored") { $0?.state == "stored" }
            // When the edge reconnects, the node tells it what is stored.
            let reply = try await edge.upload(sent)
            #expect(reply.receipt.interrupted)
            #expect(reply.receipt.size == UInt64(whole))
        }
        let row = try #require(try await fixture.rows().first)
        #expect(row.isInterrupted)
        let object = try #require(try await fixture.stored()[sample.name])
        #expect(object == Array(sample.file.prefix(whole)))
        let opened = try await ClipOpener(fixture.owner).open(SealedSource(object)) { _ in }
        #expect(opened.outcome == .interrupted)
        #expect(opened.plaintextLength == 4_040 + 4_080)
    }

    @Test("an edge that reconnects is told at once what is stored while the store is down, and gets the receipt later")
    func storeAway() async throws {
        let sample = try SealedSample(fixture, pieces: 3)
        let whole = sample.messages.prefix(2).map(\.bytes.count).reduce(0, +)
        fixture.objects.isDown = true
        try await fixture.run { edge in
            try await sendAndDisconnect(edge, sample, after: 2)
            try await eventually("it is ended") { $0?.state == "sealed" }
            try await edge.stream(of: sample) { stream in
                let told = try await stream.answer()
                #expect(told.interruption.size == UInt64(whole))
                #expect(try await fixture.rows().first?.state == "sealed")
                fixture.objects.isDown = false
                // Not a child of this task: gRPC cancels what still sends when the node has answered and ended the call.
                let advancing = Task {
                    while !Task.isCancelled {
                        clock.advance(by: .seconds(1))
                        try? await Task.sleep(for: .milliseconds(5))
                    }
                }
                defer { advancing.cancel() }
                let reply = try await stream.answer()
                #expect(reply.receipt.interrupted)
                #expect(reply.receipt.size == UInt64(whole))
            }
        }
    }

    @Test("a timeout removes a part without a whole segment")
    func nothing() async throws {
        var sample = try SealedSample(fixture)
        sample.messages[0].bytes.removeLast(1)
        let sent = sample
        try await fixture.run { edge in
            try await sendAndDisconnect(edge, sent, after: 1)
            try await eventually("it is forgotten") { $0 == nil }
        }
        #expect(fixture.spooled().isEmpty)
        #expect(try await fixture.stored().isEmpty)
    }

    @Test("a restarted node ends parts that no edge sends any more")
    func startedAgain() async throws {
        let sample = try SealedSample(fixture)
        var patient = fixture
        patient.timings.silence = .seconds(600)
        try await patient.run { try await sendAndDisconnect($0, sample, after: 2) }
        try await fixture.run { _ in
            try await eventually("it is stored") { $0?.state == "stored" }
        }
        #expect(try await fixture.rows().first?.isInterrupted == true)
        #expect(try await fixture.stored()[sample.name] == sample.messages.prefix(2).flatMap(\.bytes))
    }

    @Test("an edge that has lost the key ends it where it is")
    func closed() async throws {
        let sample = try SealedSample(fixture)
        let size = sample.messages[0].bytes.count
        try await fixture.run { edge in
            let reply = try await edge.stream(of: sample) { stream in
                _ = try await stream.durable()
                try await stream.send(sample.messages[0])
                _ = try await stream.durable()
                try await stream.end(size, interrupted: true)
                return try await stream.settlement()
            }
            #expect(reply.receipt.interrupted)
            #expect(reply.receipt.size == UInt64(size))
        }
    }
}
