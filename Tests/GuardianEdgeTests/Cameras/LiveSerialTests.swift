import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A live view")
struct LiveSerialTests {
    /// Reads until there are `count` fragments after the newest start.
    private func read(
        _ stream: AsyncStream<LivePiece>, _ count: Int
    ) async -> (codecs: String, bytes: [UInt8], states: Int) {
        var (codecs, bytes, states, fragments) = ("", [UInt8](), 0, 0)
        for await piece in stream {
            switch piece {
            case .start(let text, let initSegment): (codecs, bytes, fragments) = (text, initSegment, 0)
            case .fragment(let fragment):
                bytes += fragment
                fragments += 1
            case .state: states += 1
            }
            if fragments >= count { break }
        }
        return (codecs, bytes, states)
    }

    @Test("begins at a keyframe and plays, for one who comes first and one who comes later")
    func plays() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 4, gop: 30)))
        try await session.running {
            let first = session.live()
            let (codecs, bytes, states) = await read(first, 12)
            #expect(codecs.hasPrefix("avc1.") && states >= 1)
            let path = footage.path("first.mp4")
            try Tool.write(bytes, to: path)
            #expect(try Tool.decodingErrors(path) == "")
            #expect(try Tool.probe(path, "packet=flags").first?.contains("K") == true)
            let later = await read(session.live(), 12)
            let laterPath = footage.path("later.mp4")
            try Tool.write(later.bytes, to: laterPath)
            #expect(try Tool.decodingErrors(laterPath) == "")
            #expect(try Tool.probe(laterPath, "packet=flags").first?.contains("K") == true)
        }
    }

    @Test("begins at a large GOP's beginning, and goes on at the next keyframe")
    func largeGOP() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 4, gop: 30)))
        try await session.running {
            try await eventually("a GOP is larger than the reader's queue") {
                (8..<20).contains(session.newestGOP()?.packets.count ?? 0)
            }
            let subscription = session.subscribe(limit: .init(packets: 5, bytes: 1 << 20), from: .newestGOP)
            var packets: [Packet] = []
            for await item in subscription {
                if case .packet(let packet) = item { packets.append(packet) }
                if packets.count == 40 { break }
            }
            #expect(packets.first?.isKeyframe == true)
            for (packet, next) in zip(packets, packets.dropFirst()) where next.sequence != packet.sequence + 1 {
                #expect(next.isKeyframe && next.discontinuity, "what was left out cannot be followed on")
            }
        }
    }

    @Test("continues after the loss of the camera, with a new start")
    func lost() async throws {
        let footage = try Footage()
        let path = try footage.make("cam.264.ts", seconds: 60)
        let server = try RTSPServer(["cam": path])
        let session = try CameraSession.test(server.url("cam"))
        try await session.running {
            var (starts, states, again) = (0, [CameraHealth.State](), nil as RTSPServer?)
            var fragments = 0
            for await piece in session.live() {
                switch piece {
                case .start:
                    starts += 1
                    fragments = 0
                case .fragment: fragments += 1
                case .state(let health):
                    states.append(health.state)
                    if health.state == .lost { again = try RTSPServer(["cam": path], port: server.port) }
                }
                if starts == 1, fragments == 5 { server.kill() }
                if starts == 2, fragments == 5 { break }
            }
            #expect(states.contains(.lost) && states.last == .live)
            again?.kill()
        }
    }

    @Test("begins anew where the picture changes its size")
    func resolution() async throws {
        let footage = try Footage()
        let small = try footage.make("small.264.ts", seconds: 2)
        let large = try footage.make("large.264.ts", seconds: 3, size: "640x480")
        let both = footage.path("both.264.ts")
        try Tool.run("ffmpeg", ["-v", "error", "-i", "concat:\(small)|\(large)", "-c", "copy", both])
        let server = try RTSPServer(["cam": both])
        let session = try CameraSession.test(server.url("cam"))
        try await session.running {
            var parts: [[UInt8]] = []
            var fragments = 0
            for await piece in session.live() {
                switch piece {
                case .start(_, let initSegment):
                    parts.append(initSegment)
                    fragments = 0
                case .fragment(let fragment):
                    parts[parts.count - 1] += fragment
                    fragments += 1
                case .state: continue
                }
                if parts.count == 2, fragments == 5 { break }
            }
            let sizes = try parts.enumerated().map { index, part in
                let path = footage.path("part-\(index).mp4")
                try Tool.write(part, to: path)
                #expect(try Tool.decodingErrors(path) == "")
                return try Tool.probe(path, "stream=width").first
            }
            #expect(sizes == ["320", "640"])
        }
    }

    @Test("shows the picture without sound when the sound stops")
    func soundStops() async throws {
        let footage = try Footage()
        let whole = try footage.make("whole.mp4", seconds: 12, audio: "aac")
        let path = footage.path("in.mkv")
        // The sound ends after two seconds.
        try Tool.run(
            "ffmpeg",
            ["-v", "error", "-i", whole, "-t", "2", "-i", whole, "-map", "0:v", "-map", "1:a", "-c", "copy", path])
        let session = try CameraSession.test("file:" + path, audio: true)
        try await session.running {
            var (sounds, fragments) = ([Bool](), 0)
            for await piece in session.live() {
                switch piece {
                case .start(let codecs, _):
                    sounds.append(codecs.contains("mp4a"))
                    fragments = 0
                case .fragment: fragments += 1
                case .state: continue
                }
                if sounds.contains(true), sounds.last == false, fragments >= 5 { break }
            }
            #expect(sounds.last == false && session.health.state == .live)
        }
    }

    @Test("begins with the picture when the sound has begun seconds before it")
    func soundFirst() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.withSoundFirst("in.mkv")), audio: true)
        try await session.running {
            let (codecs, bytes, _) = await read(session.live(), 6)
            #expect(codecs.contains("mp4a"))
            let path = footage.path("live.mp4")
            try Tool.write(bytes, to: path)
            let starts = try Tool.probe(path, "stream=start_time").compactMap(Double.init)
            #expect(starts.count == 2 && starts.allSatisfy { abs($0 - starts[0]) < 0.2 }, "\(starts)")
        }
    }

    @Test("ends with the camera")
    func ends() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 2)))
        let viewer = try await session.running {
            let viewer = session.live()
            _ = await read(viewer, 2)
            return viewer
        }
        for await _ in viewer {}
        for await _ in session.live() {}
    }
}
