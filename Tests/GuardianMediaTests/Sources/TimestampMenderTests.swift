import GuardianCore
import GuardianMedia
import Testing

@Suite("Times of a camera")
struct TimestampMenderTests {
    /// Mends presentation times of packets that arrive every 6,000 ticks, or at `arrivals`.
    private func mend(_ times: [Ticks?], arrivals: [Ticks]? = nil, reorder: Int = 0) -> [TimestampMender.Mended] {
        var mender = TimestampMender(reorder: reorder)
        return times.enumerated().map { index, time in
            mender.mend(pts: time, dts: nil, duration: 0, arrival: arrivals?[index] ?? Ticks(6000) * index)
        }
    }

    private func isSound(_ mended: [TimestampMender.Mended]) -> Bool {
        zip(mended, mended.dropFirst()).allSatisfy { $0.dts < $1.dts } && mended.allSatisfy { $0.pts >= $0.dts }
    }

    @Test("that are fine stay as they are")
    func fine() {
        let times = (0..<50).map { Ticks(6000) * $0 }
        let mended = mend(times)
        #expect(mended.map(\.pts) == times && mended.map(\.dts) == times)
        #expect(mended.allSatisfy { !$0.discontinuity && $0.missingBefore == 0 && $0.duration == 6000 })
    }

    @Test("that are missing are filled in from the interval of the others")
    func missing() {
        var times: [Ticks?] = (0..<50).map { Ticks(3000) * $0 }
        let arrivals = times.compactMap(\.self)
        times[20] = nil
        times[21] = nil
        let mended = mend(times, arrivals: arrivals)
        #expect(isSound(mended))
        #expect(mended[20].pts == 60_000 && mended[21].pts == 63_000 && mended[22].pts == 66_000)
    }

    @Test("that jump back, as after a reboot, continue where they were")
    func backward() {
        let times = (0..<30).map { Ticks(6000) * $0 + 900_000 } + (0..<30).map { Ticks(6000) * $0 }
        let mended = mend(times)
        #expect(isSound(mended))
        #expect(mended.indices.filter { mended[$0].discontinuity } == [30])
        #expect(mended[30].dts - mended[29].dts == 6000)
        #expect(mended[59].dts - mended[30].dts == Ticks(29 * 6000))
    }

    @Test("that jump ahead without elapsed time continue where they were; a real pause stays")
    func forward() {
        let leap = (0..<30).map { Ticks(6000) * $0 } + (0..<5).map { Ticks(6000) * $0 + 90_000_000 }
        #expect(mend(leap)[30].dts == Ticks(30 * 6000))
        #expect(mend(leap)[30].discontinuity)
        let pause: [Ticks] = (0..<30).map { Ticks(6000) * $0 } + [30 * 6000 + 1_800_000]
        #expect(mend(pause, arrivals: pause)[30].dts == pause[30])
    }

    @Test("of reordered frames keep their presentation order and increase in decoding order")
    func reordered() {
        let shown: [Ticks] = (0..<20).flatMap { group in [3, 1, 2].map { Ticks(6000) * (group * 3 + $0) } }
        let mended = mend([0] + shown, reorder: 1)
        #expect(isSound(mended))
        #expect(mended.map(\.pts) == [0] + shown)
        #expect(mended.allSatisfy { !$0.discontinuity })
        // Without the reorder depth, the mender needs one group to learn it.
        let learnt = mend([0] + shown)
        #expect(isSound(learnt))
        #expect(learnt.dropFirst(7).map(\.pts) == Array(shown.dropFirst(6)))
    }

    @Test("show how many frames are missing if the interval is constant")
    func lost() {
        let times = (0..<60).filter { ![30, 31, 45].contains($0) }.map { Ticks(6000) * $0 }
        let mended = mend(times, arrivals: times)
        #expect(mended.map(\.missingBefore).filter { $0 > 0 } == [2, 1])
        var generator = SystemRandomNumberGenerator()
        var time: Ticks = 0
        let loose = (0..<200).map { _ -> Ticks in
            time += [3000, 6000, 12_000].randomElement(using: &generator) ?? 0
            return time
        }
        #expect(mend(loose, arrivals: loose).map(\.missingBefore).reduce(0, +) < 60)
    }

    /// Ten pictures a second that arrive up to 30 ms late; returns them with their arrivals.
    private func tenASecond(
        _ count: Int, reorder: Int = 0, arrival: (Double) -> Double = { $0 }, _ time: (Int) -> Double
    ) -> (mended: [TimestampMender.Mended], arrivals: [Ticks], fault: TimestampFault?) {
        var mender = TimestampMender(reorder: reorder)
        var (mended, arrivals) = ([TimestampMender.Mended](), [Ticks]())
        for number in 0..<count {
            arrivals.append(.seconds(arrival(Double(number) / 10) + Double(number * 7 % 4) / 100))
            mended.append(mender.mend(pts: .seconds(time(number)), dts: nil, duration: 0, arrival: arrivals[number]))
        }
        return (mended, arrivals, mender.fault)
    }

    @Test(
        "that are far off in single pictures, again and again, add nothing up",
        arguments: [8, -2, 1.5, -9_800, 37_600] as [Double], [20, 21])
    func strays(off: Double, every: Int) {
        let (mended, arrivals, fault) = tenASecond(400) {
            Double($0) / 10 + ($0 > 0 && $0 % every == 0 ? off : 0)
        }
        #expect(isSound(mended) && fault == .strays)
        for (time, arrival) in zip(mended, arrivals) {
            #expect((-9_000...900).contains(time.dts - arrival) && (-9_000...900).contains(time.pts - arrival))
        }
    }

    @Test(
        "of a clock that stands still, runs slowly or fast follow the arrival",
        arguments: [0, 1 / 90, 0.5, 0.84, 1.19, 2, 10] as [Double])
    func rate(factor: Double) throws {
        let (mended, arrivals, fault) = tenASecond(1_000) { Double($0) / 10 * factor }
        #expect(isSound(mended) && fault == .rate)
        // A clock that is twice as fast cannot be told from a burst in the first second and a half.
        let start = factor == 2 ? mended[20].dts - arrivals[20] : 0
        for index in mended.indices.dropFirst(20) {
            #expect((mended[index].dts - arrivals[index] - start).magnitude < 90_000)
        }
        let later = zip(mended, mended.dropFirst()).dropFirst(300).map { $1.dts - $0.dts }
        #expect(later.allSatisfy { (6_000...12_000).contains($0) })
    }

    @Test("of a clock that is a little off are followed without a correction", arguments: [0.9995, 1.0005] as [Double])
    func quartz(factor: Double) {
        let (mended, _, fault) = tenASecond(36_000) { Double($0) / 10 * factor }
        #expect(isSound(mended) && fault == nil && mended.allSatisfy { !$0.discontinuity })
    }

    @Test("stay as they are when the network stalls for seconds and then delivers everything at once")
    func stalls() {
        let stall: (Double) -> Double = { time in
            let second = time.truncatingRemainder(dividingBy: 10)
            return second > 5 && second < 9 ? time - second + 9 : time
        }
        let (mended, _, fault) = tenASecond(600, arrival: stall) { Double($0) / 10 }
        #expect(fault == nil && mended.map(\.dts) == (0..<600).map { Ticks(9_000) * $0 })
    }

    @Test("stay as they are in the burst at a connection's beginning")
    func burst() {
        let (mended, _, fault) = tenASecond(300, arrival: { max($0 / 1000, $0 - 4) }) { Double($0) / 10 }
        #expect(fault == nil && mended.map(\.dts) == (0..<300).map { Ticks(9_000) * $0 })
    }

    @Test("of a clock that only seemed slow, because the network became so, are believed again after minutes")
    func slowNetwork() {
        // Within ten seconds packets come five seconds late, and stay so for ten seconds; then they are on time again.
        let slow: (Double) -> Double = { time in
            switch time {
            case ..<10: time
            case ..<20: time + (time - 10) / 2
            case ..<30: time + 5
            default: max(time, min(time + 5, 35 + (time - 30) / 10))
            }
        }
        #expect(tenASecond(600, arrival: slow, { Double($0) / 10 }).fault == .rate)
        let (mended, arrivals, fault) = tenASecond(6_800, arrival: slow) { Double($0) / 10 }
        #expect(isSound(mended) && fault == nil)
        for index in 400..<6_800 { #expect((mended[index].dts - arrivals[index]).magnitude < 90_000) }
        #expect(zip(mended, mended.dropFirst()).suffix(100).allSatisfy { $1.dts - $0.dts == 9_000 })
        // A clock that really is slow stays unbelieved.
        #expect(tenASecond(9_000, { Double($0) / 10 * 0.99 }).fault == .rate)
    }

    @Test("go on by arrival after a pause that the camera did not count")
    func pause() {
        let (mended, arrivals, fault) = tenASecond(400, arrival: { $0 > 20 ? $0 + 8 : $0 }) { Double($0) / 10 }
        #expect(isSound(mended) && fault == nil && mended.count(where: \.discontinuity) == 1)
        for index in 220..<400 { #expect((-9_000...9_000).contains(mended[index].dts - arrivals[index])) }
    }

    @Test(
        "of pyramids of reordered frames give even decoding times, at any frame rate",
        arguments: [[4, 2, 1, 3], [5, 3, 1, 2, 4], [8, 4, 2, 1, 3, 6, 5, 7]],
        [2, 10, 25])
    func pyramids(group: [Int], rate: Int) {
        let depth = group.count == 8 ? 3 : 2
        let order = [0] + (0..<20).flatMap { number in group.map { number * group.count + $0 } }
        let frame = Ticks.seconds(1) / rate
        let mended = mend(
            order.map { frame * $0 }, arrivals: order.indices.map { frame * $0 }, reorder: depth)
        #expect(isSound(mended) && mended.allSatisfy { !$0.discontinuity })
        #expect(mended.map(\.pts) == order.map { frame * $0 })
        let steps = zip(mended, mended.dropFirst()).dropFirst(2 * group.count).map { $1.dts - $0.dts }
        #expect(steps.allSatisfy { $0 == frame })
    }

    @Test("of reordered frames of a clock that is too fast keep the order in which they are shown")
    func reorderedAndFast() {
        let group = [4, 2, 1, 3]
        let order = [0] + (0..<100).flatMap { number in group.map { number * 4 + $0 } }
        let (mended, _, fault) = tenASecond(400, reorder: 2) { Double(order[$0]) }
        #expect(isSound(mended) && fault == .rate)
        let late = Array(200..<400)
        #expect(late.sorted { mended[$0].pts < mended[$1].pts } == late.sorted { order[$0] < order[$1] })
    }

    @Test("that repeat increase by a tick")
    func still() {
        #expect(isSound(mend([0, 6000, 6000, 6000, 12_000])))
    }
}
