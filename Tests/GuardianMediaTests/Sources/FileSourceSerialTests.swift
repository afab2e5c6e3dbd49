import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A file as a source")
struct FileSourceSerialTests {
    @Test(
        "is read to its end, with any of libav's end codes",
        arguments: [
            ("a.mp4", "libx264 -bf 0", "h264"), ("a.avi", "mpeg4", "mpeg4"), ("a.mkv", "libx265", "h265"),
            ("a.ts", "libx264 -bf 2", "h264"), ("b.mp4", "mjpeg", "mjpeg"),
        ])
    func formats(name: String, codec: String, expected: String) throws {
        let footage = try Footage()
        let source = FileSource(path: try footage.make(name, seconds: 2, codec: codec))
        let stream = try source.open()
        #expect(stream.codec.name == expected)
        #expect(stream.width == 320 && stream.height == 240)
        let decoder = try VideoDecoder(stream: stream)
        var pictures: [PictureFrame] = []
        var last: Int64 = .min
        while case .packet(let packet)? = try source.next() {
            #expect(packet.dts > last)
            #expect(packet.pts >= packet.dts)
            last = packet.dts
            pictures += try decoder.decode(packet)
        }
        pictures += try decoder.flush()
        #expect(pictures.count == 30)
        let times = pictures.map(\.mediaTime)
        #expect(times == times.sorted())
        #expect((times.first ?? -1) >= 0 && (times.first ?? 999) < 200)
        #expect((1900...2150).contains((times.last ?? 0) - (times.first ?? 0) + 67))
    }

    @Test("that is missing is reported in a sentence")
    func missing() throws {
        let source = FileSource(path: "/nowhere/at/all.mp4")
        let error = try #require(throws: GuardianError.self) { try source.open() }
        #expect(error.code == .notFound)
        #expect(error.message.contains("no such file"))
    }

    @Test("that holds no media is refused")
    func garbage() throws {
        let footage = try Footage()
        let path = footage.path("a.mp4")
        try Data(repeating: 7, count: 5000).write(to: URL(filePath: path))
        #expect(throws: GuardianError.self) { try FileSource(path: path).open() }
    }

    @Test("that loops continues in time over its end, at its own pace, until it is interrupted")
    func loops() throws {
        let footage = try Footage()
        let path = try footage.make("a.mp4", seconds: 1, rate: 30)
        let source = FileSource(path: path, pace: .looping)
        _ = try source.open()
        let began = ContinuousClock.now
        var packets: [Packet] = []
        while packets.count < 75, case .packet(let packet)? = try source.next() { packets.append(packet) }
        #expect(ContinuousClock.now - began > .milliseconds(2300))
        let steps = zip(packets, packets.dropFirst()).map { $1.dts - $0.dts }
        #expect(steps.allSatisfy { $0 == 3000 })
        #expect(packets.count { $0.isKeyframe } == 5)
        source.interruption.interrupt()
        let error = try #require(throws: GuardianError.self) { _ = try source.next() }
        #expect(error.code == .cancelled)
    }
}
