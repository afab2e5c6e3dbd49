import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A fragmenter")
struct FragmenterTests {
    @Test("cuts at keyframes and when the time is up, and its times add up", arguments: [18_000, 90_000] as [Ticks])
    func cuts(limit: Ticks) throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 4, gop: 22))
        let origin = packets.first?.dts ?? 0
        let fragmenter = try Fragmenter(stream: stream, origin: origin, limit: limit)
        var fragments = try packets.flatMap { try fragmenter.append($0) }
        if let last = try fragmenter.flush() { fragments.append(last) }
        #expect(fragments.allSatisfy { $0.end - $0.start <= limit })
        #expect(fragments.count { $0.startsWithKeyframe } == packets.count(where: \.isKeyframe))
        #expect(zip(fragments, fragments.dropFirst()).allSatisfy { ($0.end - $1.start).magnitude <= 1 })
        #expect(fragments.first?.start == 0)
        let path = footage.path("out.mp4")
        try Tool.write(fragmenter.initSegment + fragments.flatMap(\.bytes), to: path)
        let times = try Tool.probe(path, "packet=dts").compactMap(Int64.init)
        #expect(times == packets.map { ($0.dts - origin).count })
    }

    @Test("ends a fragment by packets and by arrival when the timestamps stand still")
    func still() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 2, gop: 600))
        let pictures = Array(packets.prefix(20))
        let began = ContinuousClock.now
        /// Pictures that are a tick apart; returns how many each fragment has.
        func counts(_ count: Int, interval: Duration) throws -> [Int] {
            let fragmenter = try Fragmenter(stream: stream, origin: 0, limit: 90_000)
            var (counts, pending) = ([Int](), 0)
            for number in 0..<count {
                var packet = pictures[number % pictures.count]
                (packet.pts, packet.dts, packet.duration) = (Ticks(Int64(number)), Ticks(Int64(number)), 1)
                packet.isKeyframe = number == 0
                packet.arrivalInstant = began + interval * number
                for _ in try fragmenter.append(packet) {
                    counts.append(pending)
                    pending = 0
                }
                pending += 1
            }
            return counts
        }
        #expect(try counts(1_100, interval: .zero) == [512, 512])
        let paced = try counts(100, interval: .milliseconds(100))
        #expect(paced.count >= 4 && paced.allSatisfy { $0 <= 21 })
    }

    @Test("ends a fragment by bytes")
    func large() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 2))
        let fragmenter = try Fragmenter(stream: stream, origin: 0, limit: 900_000)
        let payload = [0, 0, 0, 1, 0x65] + [UInt8](repeating: 0x55, count: 3 << 20)
        var sizes: [Int] = []
        for number in Int64(0)..<20 {
            let packet = try Packet(
                bytes: payload, pts: Ticks(number * 900), dts: Ticks(number * 900), duration: 900,
                isKeyframe: number == 0,
                arrivalInstant: packets[0].arrivalInstant, sequence: number)
            sizes += try fragmenter.append(packet).map(\.bytes.count)
        }
        #expect(sizes.count == 3 && sizes.allSatisfy { $0 <= 17 << 20 })
    }

    @Test("keeps the sound between two fragments, and does not wait for pictures that do not come")
    func sound() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(
            try footage.make("in.mp4", seconds: 6, audio: "aac"), audio: true)
        let origin = try #require(packets.first { $0.kind == .video }).dts
        let fragmenter = try Fragmenter(stream: stream, origin: origin, limit: 18_000)
        let began = ContinuousClock.now
        var (fragments, sent) = ([Fragment](), 0)
        var hasBegun = false
        // The picture stops after two seconds, the sound goes on.
        for var packet in packets where packet.kind == .audio || packet.dts - origin < 180_000 {
            packet.arrivalInstant = began + Duration(packet.dts)
            hasBegun = hasBegun || packet.kind == .video
            if packet.kind == .audio, hasBegun, packet.dts >= origin { sent += 1 }
            fragments += try fragmenter.append(packet)
        }
        #expect(fragments.count { $0.start == $0.end } >= 1)
        if let last = try fragmenter.flush() { fragments.append(last) }
        let path = footage.path("out.mp4")
        try Tool.write(fragmenter.initSegment + fragments.flatMap(\.bytes), to: path)
        #expect(try Tool.probe(path, "packet=stream_index").count { $0 == "1" } == sent)
        #expect(try Tool.decodingErrors(path) == "")
    }

    @Test(
        "says that pixels are not square, and says nothing when they are",
        arguments: [
            ("libx264 -bf 0 -aspect 16:9", "4:3"), ("libx265 -bf 0 -aspect 16:9", "4:3"), ("libx264 -bf 0", nil),
        ])
    func pixels(codec: String, expected: String?) throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 1, codec: codec))
        let fragmenter = try Fragmenter(stream: stream, origin: packets.first?.dts ?? 0, limit: 90_000)
        let isSaid = fragmenter.initSegment.indices.dropLast(3).contains {
            fragmenter.initSegment[$0..<$0 + 4].elementsEqual("pasp".utf8)
        }
        #expect(isSaid == (expected != nil))
        let path = footage.path("out.mp4")
        try Tool.write(fragmenter.initSegment, to: path)
        if let expected { #expect(try Tool.probe(path, "stream=sample_aspect_ratio") == [expected]) }
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
        #expect(try Tool.decodingErrors(path) == "")
        let first = try Tool.probe(path, "packet=dts").compactMap(Int64.init).first
        #expect(first == fragments[tail].start.count)
    }
}
