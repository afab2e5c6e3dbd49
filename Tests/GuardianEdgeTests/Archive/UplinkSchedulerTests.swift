import GuardianEdge
import Testing

@Suite("Turns on the uplink")
struct UplinkSchedulerTests {
    private let start = ContinuousClock.now

    private func expect(
        _ expected: UplinkScheduler.Answer, _ answer: UplinkScheduler.Answer,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(answer == expected, sourceLocation: sourceLocation)
    }

    /// Simulates `seconds` of streams that always have a message to send.
    ///
    /// - Returns: the bytes that each stream sent.
    private func share(
        _ streams: [(urgency: UplinkScheduler.Urgency, message: Int)], allowance: UplinkAllowance, seconds: Int,
        from: Duration = .zero, _ turns: inout UplinkScheduler
    ) -> [Int] {
        let ids = streams.map { turns.enter($0.urgency) }
        var sent = streams.map { _ in 0 }
        for millisecond in 0..<seconds * 1_000 {
            let now = start + from + .milliseconds(millisecond)
            var hasSent = true
            while hasSent {
                hasSent = false
                for (index, stream) in streams.enumerated() {
                    guard turns.ask(ids[index], for: stream.message, within: allowance, at: now) == .go else {
                        continue
                    }
                    sent[index] += stream.message
                    hasSent = true
                }
            }
        }
        for id in ids { turns.leave(id) }
        return sent
    }

    @Test(
        "keep to the limit over time, whatever the messages' size",
        arguments: [(100_000, 1_000), (100_000, 25_000), (62_500, 512 << 10), (1_000, 4_096)])
    func limit(_ limit: Int, _ message: Int) {
        var turns = UplinkScheduler()
        let sent = share([(.live, message)], allowance: UplinkAllowance(limit: limit), seconds: 60, &turns)[0]
        // The bucket starts with one second's credit, and the last message may leave a debt.
        #expect(sent >= limit * 60 && sent <= limit * 61 + message)
    }

    @Test(
        "are shared alike by bytes among clips that are being recorded",
        arguments: [[10_000, 10_000], [1_000, 20_000], [4_096, 16_384, 65_536]])
    func fair(_ messages: [Int]) throws {
        var turns = UplinkScheduler()
        let sent = share(
            messages.map { (.live, $0) }, allowance: UplinkAllowance(limit: 200_000), seconds: 120, &turns)
        let (least, most) = (try #require(sent.min()), try #require(sent.max()))
        #expect(most - least <= 2 * (try #require(messages.max())), "\(sent)")
    }

    @Test("are not made up for: a new stream gets no share for the time before it")
    func latecomer() {
        var turns = UplinkScheduler()
        let first = turns.enter(.live)
        for second in 0..<60 {
            while turns.ask(first, for: 1_000, within: UplinkAllowance(limit: 10_000), at: start + .seconds(second))
                == .go
            {}
        }
        let second = turns.enter(.live)
        var sent = [first: 0, second: 0]
        for tick in 60..<120 {
            for _ in 0..<20 {
                for id in [first, second]
                where turns.ask(id, for: 1_000, within: UplinkAllowance(limit: 10_000), at: start + .seconds(tick))
                    == .go
                {
                    sent[id, default: 0] += 1_000
                }
            }
        }
        #expect(abs((sent[first] ?? 0) - (sent[second] ?? 0)) <= 2_000, "\(sent)")
    }

    @Test("are given to the backlog only while no live clip waits or has unacknowledged bytes")
    func backlog() {
        var turns = UplinkScheduler()
        let (old, live) = (turns.enter(.backlog), turns.enter(.live))
        let allowance = UplinkAllowance(limit: 1_000)
        expect(.go, turns.ask(old, for: 400, within: allowance, at: start))
        expect(.go, turns.ask(live, for: 1_000, within: allowance, at: start))
        // The live clip waits until the debt of 400 bytes is paid.
        expect(.wait(.milliseconds(401)), turns.ask(live, for: 100, within: allowance, at: start))
        expect(.wait(nil), turns.ask(old, for: 400, within: allowance, at: start + .seconds(1)))
        expect(.go, turns.ask(live, for: 100, within: allowance, at: start + .seconds(1)))
        let isChange = (turns.set(live, underWay: true), turns.set(live, underWay: true))
        #expect(isChange == (true, false))
        expect(.wait(nil), turns.ask(old, for: 400, within: allowance, at: start + .seconds(1)))
        _ = turns.set(live, underWay: false)
        expect(.go, turns.ask(old, for: 400, within: allowance, at: start + .seconds(1)))
    }

    @Test("give the backlog what live clips leave over, and no more")
    func remainder() {
        var turns = UplinkScheduler()
        let (old, live) = (turns.enter(.backlog), turns.enter(.live))
        let allowance = UplinkAllowance(limit: 100_000)
        var (sent, recorded, latest) = (0, 0, 0)
        // A camera writes 60,000 bytes once a second.
        for tick in 0..<60_000 {
            let now = start + .milliseconds(tick)
            if tick % 1_000 == 0 { recorded += 60_000 }
            while recorded > 0, turns.ask(live, for: 20_000, within: allowance, at: now) == .go {
                recorded -= 20_000
                latest = max(latest, tick % 1_000)
            }
            while turns.ask(old, for: 10_000, within: allowance, at: now) == .go { sent += 10_000 }
        }
        #expect(recorded == 0)
        // The bucket starts with one second's credit, and the last message may leave a debt.
        #expect(sent > 39_000 * 60 && sent <= 40_000 * 60 + 110_000, "\(sent)")
        // 60,000 bytes take 0.6 s; the backlog's last message may still be unpaid.
        #expect(latest <= 700, "\(latest)")
    }

    @Test("are given only to live clips in a window that holds the backlog, and to the backlog again after it")
    func window() {
        var turns = UplinkScheduler()
        let (old, live) = (turns.enter(.backlog), turns.enter(.live))
        let held = UplinkAllowance(backlogWaitsUntil: "18:00")
        expect(.wait(nil), turns.ask(old, for: 1, within: held, at: start))
        #expect(turns.hasWaitingStreams)
        expect(.go, turns.ask(live, for: 1, within: held, at: start))
        expect(.go, turns.ask(old, for: 1, within: UplinkAllowance(), at: start))
        #expect(!turns.hasWaitingStreams)
    }

    @Test("have no limit where none is set, and get one when its window begins")
    func unlimited() {
        var turns = UplinkScheduler()
        let free = share([(.live, 1 << 20)], allowance: UplinkAllowance(limit: 1 << 20), seconds: 1, &turns)[0]
        #expect(free <= 3 << 20)
        let id = turns.enter(.live)
        for _ in 0..<1_000 {
            expect(.go, turns.ask(id, for: 1 << 20, within: UplinkAllowance(), at: start + .seconds(2)))
        }
        let limit = UplinkAllowance(limit: 1_000)
        expect(.go, turns.ask(id, for: 1_500, within: limit, at: start + .seconds(3)))
        expect(.wait(.milliseconds(501)), turns.ask(id, for: 1, within: limit, at: start + .seconds(3)))
        turns.withdraw(id)
        #expect(!turns.hasWaitingStreams)
    }

    @Test("work with a clock that has not advanced and repeated requests at the same time")
    func sameMoment() {
        var turns = UplinkScheduler()
        let id = turns.enter(.live)
        let limit = UplinkAllowance(limit: 1_000)
        expect(.go, turns.ask(id, for: 2_000, within: limit, at: start))
        for _ in 0..<100 { expect(.wait(.milliseconds(1_001)), turns.ask(id, for: 1, within: limit, at: start)) }
        expect(.go, turns.ask(id, for: 1, within: limit, at: start + .milliseconds(1_001)))
    }
}
