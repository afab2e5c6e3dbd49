import GuardianEdge
import GuardianMedia
import Testing

@Suite("Measuring a stream")
struct StreamMeasurementTests {
    /// Feeds frames until it has seen enough, or there are no more.
    private func measured(rate: Double, seconds: Double, isKeyframe: (Int) -> Bool) -> StreamMeasurement {
        var measurement = StreamMeasurement()
        for frame in 0..<Int(rate * seconds) where !measurement.isDone {
            measurement.note(.seconds(Double(frame) / rate), isKeyframe: isKeyframe(frame))
        }
        return measurement
    }

    @Test("finds frame rate and GOP length of a camera that is set well, after two GOPs")
    func well() throws {
        let stream = measured(rate: 15, seconds: 60) { $0 % 15 == 0 }
        #expect(stream.isDone && stream.advice.isEmpty)
        #expect(try abs(#require(stream.frameRate) - 15) < 0.1 && #require(stream.gop) == 1)
    }

    @Test("says that a GOP over two seconds is too long, and the interval to set")
    func long() throws {
        let stream = measured(rate: 10, seconds: 60) { $0 % 25 == 0 }
        #expect(stream.gop == 2.5 && stream.advice.count == 1)
        #expect(
            try #require(stream.advice.first).contains(
                "GOP is 2.5 s long, over 2 s: set the camera's keyframe interval"))
        #expect(try #require(stream.advice.first).contains("20 frames"))
    }

    @Test(
        "tells a smart codec by keyframes that come irregularly, late or never",
        arguments: [[0, 10, 45], [0, 50], [0]])
    func smart(keyframes: [Int]) throws {
        let stream = measured(rate: 10, seconds: 60) { keyframes.contains($0) }
        #expect(stream.isDone)
        #expect(try #require(stream.advice.first).contains("smart codec"))
    }

    @Test("says that few frames a second are too few")
    func slow() throws {
        let stream = measured(rate: 2, seconds: 60) { $0 % 2 == 0 }
        #expect(try #require(stream.advice.first).contains("2.0 frames a second"))
    }

    @Test("knows nothing of a stream that has not begun")
    func nothing() {
        var stream = StreamMeasurement()
        stream.note(.seconds(1), isKeyframe: false)
        #expect(stream.frameRate == nil && stream.gop == nil && stream.advice.isEmpty && !stream.isDone)
    }
}
