import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A decoded picture")
struct PictureTests {
    private func pictures(_ path: String, _ options: VideoDecoder.Options = .init()) throws -> [PictureFrame] {
        let source = FileSource(path: path)
        let decoder = try VideoDecoder(stream: try source.open(), options: options)
        var pictures: [PictureFrame] = []
        while case .packet(let packet)? = try source.next() { pictures += try decoder.decode(packet) }
        return try pictures + decoder.flush()
    }

    /// Makes a picture whose left half is red and whose right half is blue.
    private func halves(_ footage: Footage) throws -> PictureFrame {
        let path = footage.path("halves.mp4")
        try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-y", "-f", "lavfi", "-i", "color=red:size=160x240:rate=5:duration=1", "-f", "lavfi",
                "-i",
                "color=blue:size=160x240:rate=5:duration=1", "-filter_complex", "hstack", "-c:v", "libx264", "-pix_fmt",
                "yuv420p", path,
            ])
        return try #require(try pictures(path).first)
    }

    @Test(
        "is shown in its own shape when its pixels are not square",
        arguments: [("16:9", 426, 240), ("1:1", 320, 320), ("4:3", 320, 240)])
    func shape(aspect: String, width: Int, height: Int) throws {
        let footage = try Footage()
        let path = try footage.make("in.mp4", seconds: 1, codec: "libx264 -bf 0 -aspect \(aspect)")
        let picture = try #require(try pictures(path).first)
        #expect(picture.width == 320 && picture.height == 240)
        #expect(abs(picture.displaySize.width - width) <= 1 && picture.displaySize.height == height)
        let jpeg = footage.path("out.jpg")
        try Tool.write(try picture.jpeg(), to: jpeg)
        #expect(try Tool.probe(jpeg, "stream=width,height") == ["\(width),\(height)"])
    }

    @Test("gives a region of itself in red, green and blue")
    func region() throws {
        let footage = try Footage()
        let picture = try halves(footage)
        let left = try picture.rgb(region: Box(x: 0, y: 0, width: 0.4, height: 1), width: 30, height: 30)
        #expect(left.count == 2700)
        #expect(left[0] > 240 && left[1] < 20 && left[2] < 20)
        let right = try picture.rgb(region: Box(x: 0.6, y: 0.5, width: 0.9, height: 0.9), width: 30, height: 30)
        let last = Array(right.suffix(3))
        #expect(last[0] < 20 && last[1] < 20 && last[2] > 240)
        #expect(throws: GuardianError.self) {
            try picture.rgb(region: Box(x: 1.2, y: 0, width: 0.4, height: 1), width: 30, height: 30)
        }
        #expect(throws: GuardianError.self) { try picture.rgb(width: 0, height: 30) }
    }

    @Test(
        "is turned by quarters, whatever its pixel format",
        arguments: ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "gray"])
    func turned(format: String) throws {
        let footage = try Footage()
        let path = footage.path("halves.mkv")
        // White on the left, black on the right; wide pixels.
        try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-y", "-f", "lavfi", "-i", "color=white:size=160x120:rate=5:duration=1", "-f", "lavfi",
                "-i", "color=black:size=160x120:rate=5:duration=1", "-filter_complex", "hstack,setsar=2", "-c:v",
                "libx264", "-pix_fmt", format, path,
            ])
        let picture = try #require(try pictures(path).first)
        func corners(_ picture: PictureFrame) throws -> [Bool] {
            let luma = try picture.luma(width: 16, height: 16)
            return [luma[0], luma[15], luma[240], luma[255]].map { $0 > 128 }
        }
        #expect(try corners(picture) == [true, false, true, false])
        #expect(picture.displaySize == (640, 120))
        for (turn, expected) in [
            (QuarterTurn.right, [true, true, false, false]), (.half, [false, true, false, true]),
            (.left, [false, false, true, true]),
        ] {
            let turned = try picture.turned(turn)
            #expect(try corners(turned) == expected, "\(turn)")
            #expect(turned.displaySize == (turn.swapsSides ? (120, 640) : (640, 120)), "\(turn)")
            #expect(turned.pts == picture.pts && turned.isKeyframe == picture.isKeyframe)
            #expect(try turned.jpeg().starts(with: [0xFF, 0xD8]))
        }
    }

    @Test("gives its brightness at any size")
    func brightness() throws {
        let footage = try Footage()
        let luma = try halves(footage).luma(width: 40, height: 30)
        #expect(luma.count == 1200)
        #expect(abs(Int(luma[5]) - 81) < 4)
        #expect(abs(Int(luma[35]) - 41) < 4)
    }

    @Test("becomes a JPEG of its size, or smaller")
    func jpeg() throws {
        let footage = try Footage()
        let picture = try halves(footage)
        for (width, expected) in [(nil, "320,240"), (160, "160,120")] as [(Int?, String)] {
            let path = footage.path("a.jpg")
            try Tool.write(try picture.jpeg(quality: 80, width: width), to: path)
            #expect(try Tool.probe(path, "stream=width,height") == [expected])
        }
        let source = FileSource(path: footage.path("a.jpg"))
        let decoder = try VideoDecoder(stream: try source.open())
        guard case .packet(let packet)? = try source.next() else { throw Tool.Failure(text: "no packet") }
        let again = try #require(try (decoder.decode(packet) + decoder.flush()).first)
        let pixel = try again.rgb(region: Box(x: 0, y: 0, width: 0.3, height: 1), width: 4, height: 4)
        #expect(pixel[0] > 235 && pixel[1] < 25 && pixel[2] < 25)
    }

    @Test("is made of keyframes only if requested")
    func keyframes() throws {
        let footage = try Footage()
        let path = try footage.make("a.mp4", seconds: 4)
        #expect(try pictures(path, .init(keyframesOnly: true)).count == 4)
        #expect(try pictures(path, .init(skipsLoopFilter: true)).count == 60)
    }

    @Test("is made of packets received as bytes")
    func bytes() throws {
        let footage = try Footage()
        let source = FileSource(path: try footage.make("a.mp4", seconds: 1))
        let stream = try source.open()
        let decoder = try VideoDecoder(stream: stream)
        var count = 0
        while case .packet(let packet)? = try source.next() {
            let copy = try Packet(
                bytes: packet.bytes, pts: packet.pts, dts: packet.dts, duration: packet.duration,
                isKeyframe: packet.isKeyframe, sequence: packet.sequence)
            count += try decoder.decode(copy).count
        }
        #expect(try count + decoder.flush().count == 15)
    }

    @Test("is not made from packets of noise, and nothing crashes")
    func noise() throws {
        let footage = try Footage()
        let source = FileSource(path: try footage.make("a.mp4", seconds: 1))
        let decoder = try VideoDecoder(stream: try source.open())
        var generator = SystemRandomNumberGenerator()
        for index in 0..<200 {
            let bytes = (0..<Int.random(in: 0...400)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let packet = try Packet(
                bytes: bytes, pts: Ticks(Int64(index)), dts: Ticks(Int64(index)), duration: 1, isKeyframe: true,
                sequence: Int64(index))
            _ = try decoder.decode(packet)
        }
    }
}
