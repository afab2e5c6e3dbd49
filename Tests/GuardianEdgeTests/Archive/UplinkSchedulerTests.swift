import GuardianEdge
import Testing

@Suite("Turns on the archive's line")
struct UplinkSchedulerTests {
    private let start = ContinuousClock.now

    private func expect(
        _ expected: UplinkScheduler.Answer, _ answer: UplinkScheduler.Answer, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(answer == expected, sourceLocation: sourceLocation)
    }

    /// Gives the line to streams that always have a message of their size, for so many seconds of a clock that nobody
    /// waits for; the bytes that each of them sent.
    private func share(
        _ streams: [(urgency: UplinkScheduler.Urgency, message: Int)], allowance: UplinkAllowance, seconds: Int,
        from: Duration = .zero, _ turns: inout UplinkScheduler
    ) -> [Int] {
        let ids = streams.map { turns.enter($0.urgency) }
        var sent = streams.map { _ in 0 }
        for millisecond in 0..<seconds * 1_000 {
            let now = start + from + .milliseconds(millisecond)
            var hasGone = true
            while hasGone {
                hasGone = false
                for (index, stream) in streams.enumerated() {
                    guard turns.ask(ids[index], for: stream.message, within: allowance, at: now) == .go else {
                        continue
                    }
                    sent[index] += stream.message
                    hasGone = true
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
        // A second's credit to begin with, and the last message may be in debt.
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

    @Test("are not owed to who comes later: nobody makes up for what others had before")
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
                where turns.ask(id, for: 1_000, within: UplinkAllowance(limit: 10_000), at: start + .seconds(tick)) == .go
                {
                    sent[id, default: 0] += 1_000
                }
            }
        }
        #expect(abs((sent[first] ?? 0) - (sent[second] ?? 0)) <= 2_000, "\(sent)")
    }

    @Test("are the backlog's only when no clip that is being recorded waits or is on its way")
    func backlog() {
        var turns = UplinkScheduler()
        let (old, live) = (turns.enter(.backlog), turns.enter(.live))
        let allowance = UplinkAllowance(limit: 1_000)
        expect(.go, turns.ask(old, for: 400, within: allowance, at: start))
        expect(.go, turns.ask(live, for: 1_000, within: allowance, at: start))
        // 400 bytes of debt are paid first, by the clip that is being recorded.
        expect(.wait(.milliseconds(401)), turns.ask(live, for: 100, within: allowance, at: start))
        expect(.wait(nil), turns.ask(old, for: 400, within: allowance, at: start + .seconds(1)))
        expect(.go, turns.ask(live, for: 100, within: allowance, at: start + .seconds(1)))
        let isNews = (turns.set(live, underWay: true), turns.set(live, underWay: true))
        #expect(isNews == (true, false))
        expect(.wait(nil), turns.ask(old, for: 400, within: allowance, at: start + .seconds(1)))
        _ = turns.set(live, underWay: false)
        expect(.go, turns.ask(old, for: 400, within: allowance, at: start + .seconds(1)))
    }

    @Test("leave the backlog what clips that are being recorded leave over, and no more")
    func remainder() {
        var turns = UplinkScheduler()
        let (old, live) = (turns.enter(.backlog), turns.enter(.live))
        let allowance = UplinkAllowance(limit: 100_000)
        var (sent, recorded, latest) = (0, 0, 0)
        // A camera of 60,000 bytes a second writes once a second.
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
        // A second's credit to begin with, and the last message may be in debt.
        #expect(sent > 39_000 * 60 && sent <= 40_000 * 60 + 110_000, "\(sent)")
        // 60,000 bytes take 0.6 s; the backlog's last message may still be unpaid.
        #expect(latest <= 700, "\(latest)")
    }

    @Test("are nobody's but live clips' in a window that holds the backlog, and the backlog's again behind it")
    func window() {
        var turns = UplinkScheduler()
        let (old, live) = (turns.enter(.backlog), turns.enter(.live))
        let held = UplinkAllowance(backlogWaitsUntil: "18:00")
        expect(.wait(nil), turns.ask(old, for: 1, within: held, at: start))
        #expect(turns.isAnybodyWaiting)
        expect(.go, turns.ask(live, for: 1, within: held, at: start))
        expect(.go, turns.ask(old, for: 1, within: UplinkAllowance(), at: start))
        #expect(!turns.isAnybodyWaiting)
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
        #expect(!turns.isAnybodyWaiting)
    }

    @Test("do not depend on a steady clock that stands still or a second look at the same moment")
    func sameMoment() {
        var turns = UplinkScheduler()
        let id = turns.enter(.live)
        let limit = UplinkAllowance(limit: 1_000)
        expect(.go, turns.ask(id, for: 2_000, within: limit, at: start))
        for _ in 0..<100 { expect(.wait(.milliseconds(1_001)), turns.ask(id, for: 1, within: limit, at: start)) }
        expect(.go, turns.ask(id, for: 1, within: limit, at: start + .milliseconds(1_001)))
    }
}
