import GuardianCore
import GuardianEdge
import GuardianMedia
import Testing

@Suite("The bounds of a clip")
struct ClipBoundsTests {
    private let began = ContinuousClock.now

    /// A packet of a stream with a keyframe every two seconds.
    private func packet(_ number: Int64, media: Int64, arrival: Int64) throws -> Packet {
        let time = Ticks(MediaTime(milliseconds: media))
        return try Packet(
            bytes: [0, 0, 1], pts: time, dts: time, duration: 9_000, isKeyframe: number % 20 == 0,
            arrivalInstant: began + .milliseconds(arrival), sequence: number)
    }

    /// Returns the media time and the arrival, in milliseconds, at which a clip of at most ten seconds ends.
    private func end(
        size: Int64 = 0, keyframes: Bool = true, _ times: (Int64) -> (media: Int64, arrival: Int64)
    ) throws -> (media: Int64, arrival: Int64)? {
        var bounds = ClipBounds(first: try packet(0, media: 0, arrival: 0), maximum: .seconds(10))
        for number in Int64(1)...2_000 {
            let (media, arrival) = times(number)
            var packet = try packet(number, media: media, arrival: arrival)
            packet.isKeyframe = packet.isKeyframe && keyframes
            if bounds.mustSplit(before: packet, size: size * number) { return (media, arrival) }
            bounds.note(packet)
        }
        return nil
    }

    @Test("are those of media time while it runs, however unevenly packets arrive")
    func mediaTime() throws {
        let even = try end { ($0 * 100, $0 * 100) }
        #expect(even?.media == 10_000)
        let uneven = try end { ($0 * 100, $0 * 100 + ($0 % 40 < 20 ? 400 : 0)) }
        #expect(uneven?.media == 10_000)
    }

    @Test("are those of arrival when media time stands still or runs slowly", arguments: [0, 1, 20] as [Int64])
    func arrival(rate: Int64) throws {
        let end = try #require(try end { ($0 * rate, $0 * 100) })
        #expect((8_000...12_000).contains(end.arrival) && end.media <= 2_400)
    }

    @Test("are those of bytes and of packets when both clocks stand still")
    func load() throws {
        #expect(try end(size: 1 << 20) { _ in (0, 0) } != nil)
        var bounds = ClipBounds(first: try packet(0, media: 0, arrival: 0), maximum: .seconds(10))
        for number in Int64(1)..<2_500 { bounds.note(try packet(number, media: 0, arrival: 0)) }
        #expect(bounds.mustSplit(before: try packet(2_500, media: 0, arrival: 0), size: 0))
    }

    @Test("end a clip in which no further keyframe comes")
    func noKeyframe() throws {
        let end = try #require(try end(keyframes: false) { ($0 * 100, $0 * 100) })
        #expect(end.media == 40_100)
    }
}
