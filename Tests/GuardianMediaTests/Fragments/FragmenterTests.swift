import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A fragmenter")
struct FragmenterTests {
    @Test("cuts at keyframes and when the time is up, and its times add up", arguments: [18_000, 90_000] as [Int64])
    func cuts(limit: Int64) throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 4, gop: 22))
        let origin = packets.first?.dts ?? 0
        let fragmenter = try Fragmenter(stream: stream, origin: origin, limit: limit)
        var fragments = try packets.flatMap { try fragmenter.append($0) }
        if let last = try fragmenter.flush() { fragments.append(last) }
        #expect(fragments.allSatisfy { $0.end - $0.start <= limit })
        #expect(fragments.count { $0.startsWithKeyframe } == packets.count(where: \.isKeyframe))
        #expect(zip(fragments, fragments.dropFirst()).allSatisfy { abs($0.end - $1.start) <= 1 })
        #expect(fragments.first?.start == 0)
        let path = footage.path("out.mp4")
        try Tool.write(fragmenter.initSegment + fragments.flatMap(\.bytes), to: path)
        let times = try Tool.probe(path, "packet=dts").compactMap(Int64.init)
        #expect(times == packets.map { $0.dts - origin })
    }

    @Test("begins where it is told, and from any fragment with a keyframe on it plays by itself")
    func begins() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.ts", seconds: 4))
        let second = try #require(packets.filter(\.isKeyframe).dropFirst().first)
        let fragmenter = try Fragmenter(stream: stream, origin: second.dts, limit: 18_000)
        var fragments = try packets.flatMap { try fragmenter.append($0) }
        if let last = try fragmenter.flush() { fragments.append(last) }
        #expect(fragments.first?.start == 0)
        let tail = try #require(fragments.lastIndex { $0.startsWithKeyframe })
        let path = footage.path("out.mp4")
        try Tool.write(fragmenter.initSegment + fragments[tail...].flatMap(\.bytes), to: path)
        #expect(try Tool.run("ffmpeg", ["-v", "error", "-i", path, "-f", "null", "-"]).isEmpty)
        let first = try Tool.probe(path, "packet=dts").compactMap(Int64.init).first
        #expect(first == fragments[tail].start)
    }
}
