import GuardianCore
import GuardianVision
import Testing

@Suite("Bitrate activity")
struct BitrateActivityTests {
    /// Returns the verdicts for twenty frames a second; every `gop`th is a keyframe.
    static func run(
        _ activity: inout BitrateActivity, pictures: Range<Int>, gop: Int = 40, size: (Int) -> Int
    ) -> [BitrateActivity.Verdict] {
        pictures.map { index in
            let isKeyframe = index % gop == 0
            return activity.update(
                bytes: isKeyframe ? 60_000 : size(index), isKeyframe: isKeyframe,
                mediaTime: MediaTime(milliseconds: Int64(index) * 50))
        }
    }

    static func quiet(_ index: Int) -> Int { 900 + (index * 7919) % 200 }

    @Test("a quiet stream becomes quiet")
    func quietStream() {
        var activity = BitrateActivity()
        let verdicts = Self.run(&activity, pictures: 0..<400, size: Self.quiet)
        #expect(verdicts[200...].allSatisfy { $0 == .quiet })
    }

    @Test("an encoder that spends more on the first packets behind a keyframe is quiet all the same, and noticed too")
    func decaying() {
        func decaying(_ index: Int) -> Int { Self.quiet(index) * 8 + 14_000 / (index % 40 + 1) }
        var activity = BitrateActivity()
        let verdicts = Self.run(&activity, pictures: 0..<800, size: decaying)
        #expect(verdicts[600...].allSatisfy { $0 == .quiet })
        let moving = Self.run(&activity, pictures: 801..<821) { decaying($0) * 3 / 2 }
        #expect(moving.allSatisfy { $0 == .active })
    }

    @Test("motion is noticed at the first larger packet, with GOPs of any length", arguments: [20, 40, 200])
    func active(gop: Int) {
        var activity = BitrateActivity()
        _ = Self.run(&activity, pictures: 0..<400, gop: gop, size: Self.quiet)
        let verdicts = Self.run(&activity, pictures: 401..<441, gop: gop) { 2500 + Self.quiet($0) }
        #expect(verdicts.first == .active)
        #expect(verdicts.allSatisfy { $0 == .active })
    }

    @Test("it is quiet again some seconds after the last large packet")
    func quietAgain() {
        var activity = BitrateActivity()
        _ = Self.run(&activity, pictures: 0..<400, size: Self.quiet)
        _ = Self.run(&activity, pictures: 400..<440) { 2500 + Self.quiet($0) }
        let verdicts = Self.run(&activity, pictures: 440..<520, size: Self.quiet)
        #expect(verdicts.first == .active)
        #expect(verdicts.last == .quiet)
    }

    @Test("a stream whose sizes show nothing is always active")
    func noisy() {
        var activity = BitrateActivity()
        let verdicts = Self.run(&activity, pictures: 0..<800) { index in
            index % 3 == 0 ? 12_000 : index % 3 == 1 ? 300 : 4000 + (index * 7919) % 3000
        }
        #expect(verdicts[400...].filter { $0 == .active }.count > 380)
    }
}
