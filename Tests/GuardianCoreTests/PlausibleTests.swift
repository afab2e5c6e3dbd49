import GuardianCore
import Testing

@Suite("Numbers of other processes")
struct PlausibleTests {
    @Test("a time is plausible in the years 1970 to 9999", arguments: [Int64.min, -1, 253_402_300_800_000, .max])
    func times(milliseconds: Int64) {
        #expect(Timestamp(plausible: milliseconds) == nil && !Timestamp(milliseconds: milliseconds).isPlausible)
        #expect(Timestamp(plausible: 0)?.milliseconds == 0)
        #expect(Timestamp(plausible: 253_402_300_799_999)?.rfc3339 == "9999-12-31T23:59:59.999Z")
    }

    @Test(
        "any number of seconds becomes a plausible time", arguments: [.infinity, -.infinity, .nan, 1e300, -1e300, -1])
    func seconds(seconds: Double) {
        #expect(Timestamp(clamping: seconds).isPlausible)
        #expect(Timestamp(clamping: 1.5).milliseconds == 1_500)
    }

    @Test("an integer of any type is checked against a range without a trap")
    func ranges() {
        #expect(Plausible.fileSize.checked(UInt64.max) == nil && Plausible.fileSize.checked(Int64.min) == nil)
        #expect(Plausible.fileSize.checked(UInt64(1) << 44) == 1 << 44)
        #expect(Plausible.fileSize.checked((UInt64(1) << 44) + 1) == nil)
        // Every tick of a stream's timeline has a plausible millisecond, and can be converted back.
        for ticks in [Plausible.mediaTicks.lowerBound, Plausible.mediaTicks.upperBound] {
            #expect(Plausible.mediaTime.contains(MediaTime(Ticks(ticks)).milliseconds))
        }
        #expect(Ticks(MediaTime(milliseconds: Plausible.mediaTime.upperBound)) < Ticks(.max))
    }
}
