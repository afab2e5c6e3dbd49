import GuardianCore
import GuardianEdge
import Testing

@Suite("The time of pictures")
struct StreamAnchorTests {
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("settles on the quickest of the first packets and is then refined slowly, never jumped")
    func refined() {
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: noon + 300)
        var last: Int64 = 0
        for index in 0..<3000 {
            let media = Int64(index) * 100
            // The camera's clock is 500 ppm slow; packets take 20 ms, or 200.
            let arrival = noon + media + media / 2000 + (index % 7 == 0 ? 20 : 200)
            anchor.update(mediaTime: media, arrival: arrival, zeroTime: nil)
            let now = anchor.timestamp(ofMediaTime: media).milliseconds
            #expect(now > last)
            #expect(now - last < 130 || index < 20)
            last = now
        }
        #expect((20...250).contains(anchor.timestamp(ofMediaTime: 300_000) - noon - 300_000))
        #expect(anchor.mediaTime(of: anchor.timestamp(ofMediaTime: 5_000)) == 5_000)
    }

    @Test("is told apart by connection")
    func connections() {
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: noon)
        anchor.begin(mediaTime: 60_000, arrival: noon + 90_000)
        #expect(anchor.timestamp(ofMediaTime: 59_000) - noon == 59_000)
        #expect(anchor.timestamp(ofMediaTime: 61_000) - noon == 91_000)
    }

    @Test("uses the camera's clock only if it is plausible")
    func cameraClock() {
        for (zero, expected) in [(-1_000, -1_000), (-500_000, 0), (90_000, 0)] as [(Int64, Int64)] {
            var anchor = StreamAnchor()
            anchor.begin(mediaTime: 0, arrival: noon)
            for index in 0..<40_000 {
                let media = Int64(index) * 100
                anchor.update(mediaTime: media, arrival: noon + media, zeroTime: noon + zero)
            }
            #expect(abs(anchor.timestamp(ofMediaTime: 0) - noon - expected) <= 10)
        }
    }
}
