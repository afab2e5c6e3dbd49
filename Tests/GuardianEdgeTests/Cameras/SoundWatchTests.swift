import GuardianEdge
import GuardianMedia
import Testing

@Suite("The sound of a camera")
struct SoundWatchTests {
    private let began = ContinuousClock.now

    private func note(_ watch: inout SoundWatch, _ kind: Packet.Kind, at milliseconds: Int64) throws {
        watch.note(
            try Packet(
                bytes: [1], kind: kind, pts: 0, dts: 0, duration: 1, isKeyframe: true,
                arrivalInstant: began + .milliseconds(milliseconds), sequence: 0))
    }

    @Test("is not there while it is only announced, and is from its first packet on")
    func begins() throws {
        var watch = SoundWatch()
        for time in stride(from: Int64(0), to: 10_000, by: 100) { try note(&watch, .video, at: time) }
        #expect(!watch.isHeard)
        try note(&watch, .audio, at: 10_000)
        #expect(watch.isHeard)
    }

    @Test("is gone when pictures come without it for two seconds, and back after five seconds of it")
    func stops() throws {
        var watch = SoundWatch()
        try note(&watch, .audio, at: 0)
        for time in stride(from: Int64(100), through: 2_100, by: 100) { try note(&watch, .video, at: time) }
        #expect(watch.isHeard)
        try note(&watch, .video, at: 2_200)
        #expect(!watch.isHeard)
        for time in stride(from: Int64(3_000), to: 8_000, by: 100) {
            try note(&watch, .audio, at: time)
            try note(&watch, .video, at: time + 50)
        }
        #expect(!watch.isHeard)
        try note(&watch, .audio, at: 8_000)
        #expect(watch.isHeard)
    }

    @Test("is not gone when the network stalls and nothing comes at all")
    func stalls() throws {
        var watch = SoundWatch()
        try note(&watch, .audio, at: 0)
        try note(&watch, .video, at: 50)
        try note(&watch, .audio, at: 60)
        for _ in 0..<50 { try note(&watch, .video, at: 6_000) }
        try note(&watch, .audio, at: 6_010)
        try note(&watch, .video, at: 6_100)
        #expect(watch.isHeard)
    }
}
