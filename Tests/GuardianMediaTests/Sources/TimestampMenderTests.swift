import GuardianMedia
import Testing

@Suite("Times of a camera")
struct TimestampMenderTests {
    /// Mends presentation times of packets that arrive every 6,000 ticks, or at `arrivals`.
    private func mend(_ times: [Int64?], arrivals: [Int64]? = nil, reorder: Int = 0) -> [TimestampMender.Mended] {
        var mender = TimestampMender(reorder: reorder)
        return times.enumerated().map { index, time in
            mender.mend(pts: time, dts: nil, duration: 0, arrival: arrivals?[index] ?? Int64(index) * 6000)
        }
    }

    private func isSound(_ mended: [TimestampMender.Mended]) -> Bool {
        zip(mended, mended.dropFirst()).allSatisfy { $0.dts < $1.dts } && mended.allSatisfy { $0.pts >= $0.dts }
    }

    @Test("that are fine stay as they are")
    func fine() {
        let times = (0..<50).map { Int64($0) * 6000 }
        let mended = mend(times)
        #expect(mended.map(\.pts) == times && mended.map(\.dts) == times)
        #expect(mended.allSatisfy { !$0.discontinuity && $0.missingBefore == 0 && $0.duration == 6000 })
    }

    @Test("that are missing are filled in from the interval of the others")
    func missing() {
        var times: [Int64?] = (0..<50).map { Int64($0) * 3000 }
        times[20] = nil
        times[21] = nil
        let mended = mend(times)
        #expect(isSound(mended))
        #expect(mended[20].pts == 60_000 && mended[21].pts == 63_000 && mended[22].pts == 66_000)
    }

    @Test("that jump back, as after a reboot, continue where they were")
    func backward() {
        let times = (0..<30).map { Int64($0) * 6000 + 900_000 } + (0..<30).map { Int64($0) * 6000 }
        let mended = mend(times)
        #expect(isSound(mended))
        #expect(mended.indices.filter { mended[$0].discontinuity } == [30])
        #expect(mended[30].dts - mended[29].dts == 6000)
        #expect(mended[59].dts - mended[30].dts == 29 * 6000)
    }

    @Test("that jump ahead without elapsed time continue where they were; a real pause stays")
    func forward() {
        let leap = (0..<30).map { Int64($0) * 6000 } + (0..<5).map { Int64($0) * 6000 + 90_000_000 }
        #expect(mend(leap)[30].dts == 30 * 6000)
        #expect(mend(leap)[30].discontinuity)
        let pause: [Int64] = (0..<30).map { Int64($0) * 6000 } + [30 * 6000 + 1_800_000]
        #expect(mend(pause, arrivals: pause)[30].dts == pause[30])
    }

    @Test("of reordered frames keep their presentation order and increase in decoding order")
    func reordered() {
        let shown: [Int64] = (0..<20).flatMap { group in [3, 1, 2].map { Int64(group * 3 + $0) * 6000 } }
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
        let times = (0..<60).filter { ![30, 31, 45].contains($0) }.map { Int64($0) * 6000 }
        let mended = mend(times, arrivals: times)
        #expect(mended.map(\.missingBefore).filter { $0 > 0 } == [2, 1])
        var generator = SystemRandomNumberGenerator()
        var time: Int64 = 0
        let loose = (0..<200).map { _ in
            time += [3000, 6000, 12_000].randomElement(using: &generator) ?? 0
            return time
        }
        #expect(mend(loose, arrivals: loose).map(\.missingBefore).reduce(0, +) < 60)
    }

    @Test("that repeat increase by a tick")
    func still() {
        #expect(isSound(mend([0, 6000, 6000, 6000, 12_000])))
    }
}
