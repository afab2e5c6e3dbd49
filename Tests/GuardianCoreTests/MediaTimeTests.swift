import GuardianCore
import Testing

@Suite("Times on a stream's timeline")
struct MediaTimeTests {
    private static let extremes: [Int64] = [.min, .min + 1, -1 << 52, -1, 0, 1, 1 << 52, .max - 1, .max]

    @Test(
        "ticks become milliseconds rounded down, on both sides of zero",
        arguments: [(0, 0), (89, 0), (90, 1), (-1, -1), (-90, -1), (-91, -2), (8_999_999, 99_999)] as [(Int64, Int64)])
    func roundedDown(ticks: Int64, milliseconds: Int64) {
        #expect(MediaTime(Ticks(ticks)).milliseconds == milliseconds)
    }

    @Test(
        "every tick of a millisecond, and none of another, becomes that millisecond",
        arguments: [-3, -1, 0, 7] as [Int64])
    func ticksOfMillisecond(milliseconds: Int64) {
        let time = MediaTime(milliseconds: milliseconds)
        #expect(Ticks(lastOf: time) - Ticks(time) == 89)
        #expect(MediaTime(Ticks(time)) == time && MediaTime(Ticks(lastOf: time)) == time)
        #expect(MediaTime(Ticks(time) - 1) < time && MediaTime(Ticks(lastOf: time) + 1) > time)
    }

    @Test("ticks become durations and durations ticks, rounded toward zero")
    func durations() {
        #expect(Duration(Ticks(90_000 * 3 + 9)) == .seconds(3) + .microseconds(100))
        #expect(Duration(Ticks(1)) == .nanoseconds(11_111) && Duration(Ticks(-1)) == .nanoseconds(-11_111))
        #expect(Ticks(Duration.milliseconds(1_001)) == 90_090 && Ticks(Duration.milliseconds(-1_001)) == -90_090)
        #expect(Ticks(Duration.nanoseconds(11_111)) == 0 && Ticks(Duration.nanoseconds(11_112)) == 1)
        #expect(Ticks(Duration.nanoseconds(999_999_999)) == 89_999)
        #expect(Ticks.seconds(1.5) == 135_000 && Ticks.seconds(-0.001) == -90)
    }

    @Test("ticks of any size are added, divided and converted without a trap", arguments: extremes, extremes)
    func ticksOfAnySize(left: Int64, right: Int64) {
        let (first, second) = (Ticks(left), Ticks(right))
        let factor = Int(right)
        #expect(first + second == second + first && (first < second) == (first - second < 0))
        #expect(first.magnitude >= 0 && (first * factor) == second * Int(left))
        #expect((first / factor).magnitude <= first.magnitude || right == 0)
        #expect(MediaTime(first).milliseconds.magnitude <= left.magnitude)
        #expect(Ticks(MediaTime(milliseconds: left)) <= Ticks(lastOf: MediaTime(milliseconds: left)))
        #expect((Duration(first) < .zero) == (left < 0))
    }

    @Test("points of any size have an exact difference, and the farthest stand for what is beyond", arguments: extremes)
    func pointsOfAnySize(milliseconds: Int64) {
        let time = MediaTime(milliseconds: milliseconds)
        for other in [MediaTime.distantPast, 0, .distantFuture] {
            #expect((time - other < .zero) == (time < other))
            #expect((time - other).magnitude == (other - time).magnitude)
        }
        let (longest, back) = (Duration.seconds(Int64.max), Duration.seconds(Int64.min))
        #expect(max(time, 0) + longest == .distantFuture && max(time, 0) - back == .distantFuture)
        #expect(min(time, -1) - longest == .distantPast && min(time, -1) + back == .distantPast)
        #expect(time + .microseconds(999) == time && time - .microseconds(999) == time)
    }

    @Test("a duration has whole milliseconds, rounded toward zero, and no more than there are")
    func milliseconds() {
        #expect(Duration.microseconds(1_999).milliseconds == 1 && Duration.microseconds(-1_999).milliseconds == -1)
        #expect((Duration.seconds(-1) + .milliseconds(1)).milliseconds == -999)
        #expect(
            Duration.milliseconds(Int64.max).milliseconds == .max
                && Duration.milliseconds(Int64.min).milliseconds == .min)
        #expect(Duration.seconds(Int64.max).milliseconds == .max && Duration.seconds(Int64.min).milliseconds == .min)
        #expect(Timestamp(milliseconds: 5) + .microseconds(1_999) == Timestamp(milliseconds: 6))
    }
}
