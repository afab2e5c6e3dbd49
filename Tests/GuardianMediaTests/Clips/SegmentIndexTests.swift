import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("The segment index of a clip")
struct SegmentIndexTests {
    /// What a server sends of the file.
    private func served(_ path: String, _ index: SegmentIndex) throws -> Data {
        let file = try Data(contentsOf: URL(filePath: path))
        return file[..<index.offset] + Data(index.bytes) + file[index.offset..<index.end]
    }

    @Test(
        "leads players to each keyframe, and changes no picture",
        arguments: [("libx264 -bf 0", 15), ("libx264 -bf 2", 20), ("libx265 -bf 0", 15), ("libx264 -bf 0", 150)])
    func keyframes(codec: String, gop: Int) throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 6, codec: codec, gop: gop))
        let clip = try #require(try footage.clip("clip.mp4", stream, packets))
        let summary = try clip.close()
        let (path, other) = (footage.path("clip.mp4"), footage.path("served.mp4"))
        let index = try #require(SegmentIndex.of(path))
        try served(path, index).write(to: URL(filePath: other))
        #expect(try Tool.decodingErrors(other) == "")
        let fields = "packet=pts_time,dts_time,size,flags"
        #expect(try Tool.probe(other, fields) == Tool.probe(path, fields))
        // 12 bytes a segment, each of which begins with a keyframe.
        let count = (index.bytes.count - 40) / 12
        #expect(count == packets.count(where: \.isKeyframe))
        let durations = (0..<count).map { number in
            index.bytes[(40 + number * 12 + 4)..<(40 + number * 12 + 8)].reduce(0) { $0 << 8 | Int($1) }
        }
        let timescale = index.bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
        let length = Duration.milliseconds(durations.reduce(0, +) * 1000 / timescale)
        #expect((length - summary.duration).magnitude < .milliseconds(100))
    }

    @Test("is that of a clip that a crash cut off and adoption completed, and none of one that is still written")
    func adopted() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 4))
        let path = footage.path("clip.mp4")
        do {
            let clip = try #require(try footage.clip("clip.mp4", stream, packets))
            #expect(SegmentIndex.of(path) == nil)
            _ = clip
        }
        _ = try ClipFile.adopt(URL(filePath: path))
        let index = try #require(SegmentIndex.of(path))
        let other = footage.path("served.mp4")
        try served(path, index).write(to: URL(filePath: other))
        #expect(try Tool.decodingErrors(other) == "")
    }

    @Test("is none of a file that lies about itself, or one within it")
    func hostile() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 2, rate: 5, gop: 2))
        let clip = try #require(try footage.clip("clip.mp4", stream, packets))
        _ = try clip.close()
        let genuine = [UInt8](try Data(contentsOf: URL(filePath: footage.path("clip.mp4"))))
        // Where a player looks first and last.
        let (head, tail) = (genuine.prefix(1500), genuine.suffix(300))
        let path = footage.path("changed.mp4")
        var input = HostileInput(seed: 11)
        for _ in 0..<HostileInput.count(500) {
            let changed =
                input.changed(Array(head)) + genuine[head.count..<genuine.count - tail.count]
                + input.changed(Array(tail))
            try Data(changed).write(to: URL(filePath: path))
            guard let index = SegmentIndex.of(path) else { continue }
            #expect(0 <= index.offset && index.offset <= index.end && index.end <= changed.count)
        }
        #expect(SegmentIndex.of(footage.path("clip.mp4")) != nil)
    }
}
