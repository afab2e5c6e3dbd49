import Foundation
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("What a recorder sends first")
struct LineSerialTests {
    private let recorder: RecorderSide

    init() throws { recorder = try RecorderSide(try ArchiveFixture()) }

    /// Lets a live clip grow by a second's bytes, `rounds` times, while old clips wait.
    ///
    /// - Returns: the most bytes of old clips that the node received before a second of the live clip arrived.
    private func mostSentBefore(_ live: ClipID, _ old: [ClipID], second: Int, rounds: Int) async throws -> Int64 {
        var most: Int64 = 0
        for _ in 0..<rounds {
            let before = try await recorder.durable(of: old)
            let length = try await recorder.durable(of: [live])
            // Less than a segment may wait for the next second; the bytes before the body outweigh that.
            try recorder.grow(live, by: second)
            try await eventually("the second is at the node") {
                try await recorder.durable(of: [live]) >= length + Int64(second)
            }
            most = max(most, try await recorder.durable(of: old) - before)
        }
        return most
    }

    // Segments of 4,096 bytes hold 4,080.
    private static let second = 5 * 4_080

    @Test("is what is being recorded, though twenty old clips wait and the line is slow")
    func slowLine() async throws {
        try await recorder.fixture.run { edge in
            let line = try SlowLine(to: edge.port, bytesPerSecond: 500_000)
            defer { line.stop() }
            var old: [ClipID] = []
            for number in 0..<20 { old.append(try await recorder.oldClip(1 << 20, 3_600_000 - Int64(number) * 1_000)) }
            try await recorder.archiving(recorder.settings(port: line.port)) { [old] _ in
                try await eventually("the backlog fills the line") { try await recorder.durable(of: old) > 512 << 10 }
                let live = try await recorder.liveClip(4_040)
                try await eventually("it leaves") { try await recorder.durable(of: [live]) > 0 }
                let most = try await mostSentBefore(live, old, second: Self.second, rounds: 10)
                // Without priorities a whole clip would be unacknowledged.
                #expect(most < 384 << 10, "\(most) bytes of old clips went before a second of what is recorded")
                #expect(try await recorder.durable(of: old) < 10 << 20)
                recorder.end(live)
                try await eventually("it is stored") { try await recorder.state(of: live)?.state == .stored }
                let before = try await recorder.durable(of: old)
                try await eventually("the backlog goes on") { try await recorder.durable(of: old) > before }
                #expect(try await recorder.ledger.unarchived(of: old).count > 10)
            }
        }
    }

    @Test("is what is being recorded within the owner's limit too, and the backlog gets what is left of it")
    func limited() async throws {
        try await recorder.fixture.run { edge in
            let old = try await recorder.oldClip(4 << 20)
            var settings = recorder.settings(port: edge.port)
            settings.bandwidth = { BandwidthPlan(limit: 200_000, week: LocalWeek(.current)) }
            try await recorder.archiving(settings) { _ in
                try await eventually("the backlog leaves") { try await recorder.durable(of: [old]) > 300_000 }
                let live = try await recorder.liveClip(4_040)
                try await eventually("it leaves") { try await recorder.durable(of: [live]) > 0 }
                let most = try await mostSentBefore(live, [old], second: Self.second, rounds: 5)
                #expect(most < 200_000, "\(most) bytes of an old clip went before a second of what is recorded")
                #expect(try await recorder.state(of: old)?.state == .uploading)
                let before = try await recorder.durable(of: [old])
                try await eventually("the backlog goes on") { try await recorder.durable(of: [old]) > before }
            }
        }
    }

    @Test("is nothing of the backlog in a window that holds it; it goes on by itself when the window ends")
    func window() async throws {
        let (clock, monotonic) = (ManualClock(Sample.start), TestClock())
        try await recorder.fixture.run { edge in
            let old = try await recorder.oldClip(1 << 20)
            var settings = recorder.settings(port: edge.port)
            let utc = LocalWeek(try #require(TimeZone(identifier: "UTC")))
            // The clock stands still while the node answers, and then jumps.
            settings.timeouts.acceptance = .seconds(3_600)
            settings.timeouts.acknowledgement = .seconds(3_600)
            let plan = BandwidthPlan(
                limit: 200_000, windows: [.init(times: try WeekTimes(text: "12:00-18:00"), backlog: false)], week: utc)
            settings.bandwidth = { plan }
            clock.set(hour: 11)
            try await recorder.archiving(settings, clock: clock, monotonic: monotonic) { archiver in
                #expect(archiver.reasonToWait == nil)
                // A second's bytes may leave at once; the clock stands still, so nothing follows.
                try await eventually("it leaves before the window") {
                    try await recorder.durable(of: [old]) >= 200_000
                }
                clock.set(hour: 12)
                try await eventually("it waits", advancing: monotonic, by: .seconds(1)) {
                    try await recorder.state(of: old)?.state == .waiting
                }
                let held = try await recorder.durable(of: [old])
                #expect(held < 1 << 20)
                #expect(try #require(archiver.reasonToWait).contains("Until 18:00"))
                // A clip that is recorded meanwhile is sent, and nothing of the old clip.
                let live = try await recorder.liveClip(4_040 + 4_080)
                try await eventually("it leaves") { try await recorder.durable(of: [live]) > 0 }
                recorder.end(live)
                try await eventually("it is stored") { try await recorder.state(of: live)?.state == .stored }
                #expect(try await recorder.durable(of: [old]) == held)
                #expect(try await recorder.ledger.unarchived(of: [old, live]) == [old])
                clock.set(hour: 18)
                try await eventually("the rest follows", advancing: monotonic, by: .seconds(5)) {
                    try await recorder.state(of: old)?.state != .waiting
                }
                #expect(archiver.reasonToWait == nil)
            }
        }
    }
}

extension ManualClock {
    /// Sets the hour of the day, UTC.
    fileprivate func set(hour: Int64) {
        set(Timestamp(milliseconds: now().milliseconds / 86_400_000 * 86_400_000 + hour * 3_600_000))
    }
}
