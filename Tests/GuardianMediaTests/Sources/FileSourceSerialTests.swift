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
        var last = Ticks(.min)
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
        #expect((1900...2150).contains(((times.last ?? 0) - (times.first ?? 0)).milliseconds + 67))
    }

    @Test("that is missing is reported in a sentence")
    func missing() throws {
        let source = FileSource(path: "/nowhere/at/all.mp4")
        let error = try #require(throws: GuardianError.self) { try source.open() }
        #expect(error.code == .notFound)
        #expect(error.message.contains("no such file"))
    }

    @Test("that is a folder, a pipe or a device is refused in a sentence, and at once")
    func noFile() throws {
        let footage = try Footage()
        let pipe = footage.path("pipe.mp4")
        try Tool.run("mkfifo", [pipe])
        for (path, part) in [(footage.folder.path, "is a folder"), (pipe, "is a pipe"), ("/dev/null", "device")] {
            let error = try #require(throws: GuardianError.self) { try FileSource(path: path).open() }
            #expect(error.code == .invalidArgument && error.message.contains(part), "\(error)")
        }
    }

    @Test("that is a DASH manifest is no camera: libav would shut down libxml2 for the whole process")
    func manifest() throws {
        let footage = try Footage()
        let path = try footage.make("a.mpd", seconds: 1)
        let error = try #require(throws: GuardianError.self) { try FileSource(path: path, pace: .looping).open() }
        #expect(error.code == .invalidArgument && error.message.contains("DASH"), "\(error)")
        #expect(try FileSource(path: path).open().width == 320)
    }

    @Test("with sound and a cover has no video")
    func cover() throws {
        let footage = try Footage()
        let (cover, path) = (footage.path("cover.png"), footage.path("song.mp3"))
        try Tool.run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc=duration=1", "-frames:v", "1", cover])
        try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "sine=duration=2", "-i", cover, "-map", "0", "-map", "1", "-c:v",
                "copy",
                "-disposition:v", "attached_pic", path,
            ])
        let error = try #require(throws: GuardianError.self) { try FileSource(path: path).open() }
        #expect(error.code == .invalidArgument && error.message.contains("no video"))
    }

    @Test("with a preview beside the film gives the film")
    func preview() throws {
        let footage = try Footage()
        let small = try footage.make("small.mp4", seconds: 2, size: "160x120", rate: 30)
        let large = try footage.make("large.mp4", seconds: 2)
        let both = footage.path("both.mp4")
        try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-i", small, "-i", large, "-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0",
                "default", "-disposition:v:1", "0", both,
            ])
        let source = FileSource(path: both)
        let stream = try source.open()
        #expect(stream.width == 320 && source.droppedStreams == ["h264"])
    }

    @Test("that is encrypted is refused with that reason")
    func encrypted() throws {
        let footage = try Footage()
        let (plain, path) = (try footage.make("plain.mp4", seconds: 1), footage.path("encrypted.mp4"))
        let key = String(repeating: "76", count: 16)
        try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-i", plain, "-c", "copy", "-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key,
                "-encryption_kid", key, path,
            ])
        let source = FileSource(path: path)
        _ = try source.open()
        let error = try #require(throws: GuardianError.self) { _ = try source.next() }
        #expect(error.message == "\(path) is encrypted: decrypt it first.")
    }

    @Test(
        "in which one picture's time is a day off keeps the others' time",
        arguments: ["a.mp4", "a.mkv"], ["5", "20", "29"])
    func outlier(name: String, number: String) throws {
        let footage = try Footage()
        let (plain, path) = (try footage.make("plain.mp4", seconds: 2), footage.path(name))
        try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-i", plain, "-c", "copy", "-bsf:v",
                "setts=pts='if(eq(N,\(number)),PTS+86400/TB,PTS)':dts=DTS", path,
            ])
        let source = FileSource(path: path)
        _ = try source.open()
        var times: [MediaTime] = []
        while case .packet(let packet)? = try source.next() { times.append(packet.mediaTime) }
        #expect(times.count == 30)
        #expect(times.allSatisfy { (0...2_500).contains($0) }, "\(times)")
    }

    @Test("says by how much its pictures are to be turned, but not when they are mirrored or at an odd angle")
    func turns() throws {
        let footage = try Footage()
        let plain = try footage.make("plain.mp4", seconds: 1)
        func turn(_ path: String) throws -> QuarterTurn? {
            let source = FileSource(path: path)
            _ = try source.open()
            return source.turn
        }
        #expect(try turn(plain) == QuarterTurn.none)
        let turns: [DisplayMatrix: QuarterTurn] = [.right: .right, .half: .half, .left: .left]
        for matrix in DisplayMatrix.allCases {
            #expect(try turn(matrix.applied(to: plain)) == turns[matrix], "\(matrix)")
        }
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
