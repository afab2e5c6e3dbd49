import GuardianCore
import GuardianEdge
import Testing

@Suite("The time of pictures")
struct StreamAnchorTests {
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("settles on the quickest of the first packets and is then refined slowly, never jumped")
    func refined() {
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: noon + 300, elapsed: 300)
        var last: Int64 = 0
        for index in 0..<3000 {
            let media = Int64(index) * 100
            // The camera's clock is 500 ppm slow; packets take 20 ms, or 200.
            let arrival = noon + media + media / 2000 + (index % 7 == 0 ? 20 : 200)
            anchor.update(
                mediaTime: MediaTime(milliseconds: media), arrival: arrival, elapsed: arrival - noon, zeroTime: nil)
            let now = anchor.timestamp(ofMediaTime: MediaTime(milliseconds: media)).milliseconds
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
        anchor.begin(mediaTime: 0, arrival: noon, elapsed: 0)
        anchor.begin(mediaTime: 60_000, arrival: noon + 90_000, elapsed: 90_000)
        #expect(anchor.timestamp(ofMediaTime: 59_000) - noon == 59_000)
        #expect(anchor.timestamp(ofMediaTime: 61_000) - noon == 91_000)
    }

    @Test(
        "follows the wall clock when it is set, and leaves what was before in the old time",
        arguments: [3_600_000, -3_600_000])
    func setting(step: Int64) {
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: noon, elapsed: 0)
        var steps: [Int64] = []
        for media in stride(from: Int64(0), to: 60_000, by: 100) {
            let arrival = noon + media + (media >= 20_000 ? step : 0)
            if let found = anchor.update(
                mediaTime: MediaTime(milliseconds: media), arrival: arrival, elapsed: media, zeroTime: nil)
            {
                steps.append(found)
                #expect(media == 20_200)
            }
        }
        #expect(steps == [step])
        #expect(anchor.timestamp(ofMediaTime: 19_900) - noon == 19_900)
        #expect(anchor.timestamp(ofMediaTime: 20_000) - noon == 20_000 + step)
        #expect(anchor.mediaTime(of: noon + 50_000 + step) == 50_000)
    }

    @Test("does not take one packet that waited between the readings of both clocks for a new time")
    func waited() {
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: noon, elapsed: 0)
        for media in stride(from: Int64(0), to: 60_000, by: 100) {
            let arrival = noon + media + (media % 1_000 == 0 ? 3_000 : 0)
            #expect(
                anchor.update(
                    mediaTime: MediaTime(milliseconds: media), arrival: arrival, elapsed: media, zeroTime: nil) == nil)
        }
        #expect(anchor.timestamp(ofMediaTime: 50_000) - noon == 50_000)
    }

    @Test("follows a wall clock that is slewed")
    func slewed() {
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: noon, elapsed: 0)
        for media in stride(from: Int64(0), to: 4_000_000, by: 200) {
            anchor.update(
                mediaTime: MediaTime(milliseconds: media), arrival: noon + media + media / 2000, elapsed: media,
                zeroTime: nil)
        }
        #expect(abs(anchor.timestamp(ofMediaTime: 4_000_000) - noon - 4_002_000) <= 20)
    }

    @Test("notices that the wall clock was set between two connections")
    func settingBetween() {
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: noon, elapsed: 0)
        #expect(anchor.begin(mediaTime: 60_000, arrival: noon + 60_100, elapsed: 60_000) == nil)
        #expect(anchor.begin(mediaTime: 90_000, arrival: noon + 3_690_000, elapsed: 90_000) == 3_600_000)
        #expect(anchor.timestamp(ofMediaTime: 61_000) - noon == 61_000)
        #expect(anchor.timestamp(ofMediaTime: 91_000) - noon == 3_691_000)
    }

    @Test("does not take a long burst of first frames for the camera's delay")
    func burst() {
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: noon, elapsed: 0)
        // Four seconds of frames arrive at once, the following ones as they are made.
        for media in stride(from: Int64(0), to: 8_000, by: 100) {
            let elapsed = max(0, media - 4_000)
            anchor.update(
                mediaTime: MediaTime(milliseconds: media), arrival: noon + elapsed, elapsed: elapsed, zeroTime: nil)
        }
        #expect(anchor.timestamp(ofMediaTime: 8_000) - noon == 4_000)
    }

    @Test("brings another stream onto its own media time although the wall clock was set")
    func streams() {
        var (main, other) = (StreamAnchor(), StreamAnchor())
        main.begin(mediaTime: 1_000, arrival: noon, elapsed: 1_100)
        other.begin(mediaTime: 500, arrival: noon + 3_600_000, elapsed: 900)
        #expect(main.mediaTime(of: 5_500, in: other) == 5_800)
    }

    @Test("uses the camera's clock only if it is plausible")
    func cameraClock() {
        for (zero, expected) in [(-1_000, -1_000), (-500_000, 0), (90_000, 0)] as [(Int64, Int64)] {
            var anchor = StreamAnchor()
            anchor.begin(mediaTime: 0, arrival: noon, elapsed: 0)
            for index in 0..<40_000 {
                let media = Int64(index) * 100
                anchor.update(
                    mediaTime: MediaTime(milliseconds: media), arrival: noon + media, elapsed: media,
                    zeroTime: noon + zero)
            }
            #expect(abs(anchor.timestamp(ofMediaTime: 0) - noon - expected) <= 10)
        }
    }
}
