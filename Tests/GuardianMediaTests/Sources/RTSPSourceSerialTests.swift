import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A camera over RTSP")
struct RTSPSourceSerialTests {
    private func packets(_ source: RTSPSource, _ count: Int = .max) throws -> [Packet] {
        var packets: [Packet] = []
        while packets.count < count, let item = try source.next() {
            if case .packet(let packet) = item { packets.append(packet) }
        }
        return packets
    }

    @Test(
        "gives its pictures as they come",
        arguments: [
            ("cam.264.ts", "libx264 -bf 0"), ("cam.265.ts", "libx265 -bf 0"), ("cam.bare.264.ts", "libx264 -bf 0"),
            ("cam.bare.265.ts", "libx265 -bf 0"),
        ])
    func pictures(name: String, codec: String) throws {
        let footage = try Footage()
        let server = try RTSPServer(["cam": try footage.make(name, seconds: 3, codec: codec)])
        let source = RTSPSource(address: Secret(server.url("cam")), timelineOffset: 90_000)
        let stream = try source.open()
        #expect(stream.width == 320 && stream.height == 240)
        #expect(stream.codecs?.hasPrefix(codec.contains("265") ? "hvc1.1.6" : "avc1.42c00") == true)
        let packets = try packets(source, 40)
        let first = try #require(packets.first)
        #expect(first.isKeyframe)
        #expect(first.dts == 90_000)
        #expect(packets.count == 40)
        #expect(zip(packets, packets.dropFirst()).allSatisfy { (5990...6010).contains($1.dts - $0.dts) })
        #expect(packets.allSatisfy { !$0.discontinuity && $0.missingBefore == 0 })
        let decoder = try VideoDecoder(stream: stream)
        let pictures = try packets.flatMap { try decoder.decode($0) } + decoder.flush()
        #expect(pictures.count == 40)
    }

    @Test(
        "gives frames that are not shown in the order of decoding even decoding times, and keeps when they are shown",
        arguments: [
            ("cam.264.ts", "libx264 -bf 3 -b_strategy 0", 15), ("cam.265.ts", "libx265 -bf 4", 15),
            ("cam.264.ts", "libx264 -bf 3 -b_strategy 0", 2),
        ])
    func reordered(name: String, codec: String, rate: Int) throws {
        let footage = try Footage()
        let path = try footage.make(name, seconds: 60 / rate, rate: rate, codec: codec, gop: 30)
        let server = try RTSPServer(["cam": path])
        let source = RTSPSource(address: Secret(server.url("cam")))
        _ = try source.open()
        // libav gives the first frame no time, so that those around it are guesses.
        let packets = try packets(source, 40).dropFirst(12)
        let frame = Ticks.seconds(1) / rate
        #expect(packets.allSatisfy { !$0.discontinuity && $0.missingBefore == 0 })
        #expect(packets.contains { $0.pts > $0.dts + frame })
        #expect(zip(packets, packets.dropFirst()).allSatisfy { ($1.dts - $0.dts - frame).magnitude < 20 })
        // Those that are shown between the first ones came before them, and those between the last ones come later.
        let shown = packets.map(\.pts).sorted().dropFirst(5).dropLast(5)
        #expect(zip(shown, shown.dropFirst()).allSatisfy { ($1 - $0 - frame).magnitude < 20 })
    }

    @Test("gives them over UDP too")
    func datagrams() throws {
        let footage = try Footage()
        let server = try RTSPServer(["cam": try footage.make("cam.264.ts", seconds: 3)])
        let source = RTSPSource(address: Secret(server.url("cam")), options: .init(transport: .udp))
        _ = try source.open()
        #expect(try packets(source, 20).count == 20)
    }

    @Test("is not readable without the password, and the password is shown nowhere")
    func password() throws {
        let footage = try Footage()
        let server = try RTSPServer(
            ["cam": try footage.make("cam.264.ts", seconds: 2)], user: "owner", password: "geheim-123")
        let source = RTSPSource(address: Secret(server.url("cam", user: "owner:geheim-123")))
        _ = try source.open()
        #expect(try packets(source, 5).count == 5)
        for address in [server.url("cam"), server.url("cam", user: "owner:geheim-wrong")] {
            let error = try #require(throws: GuardianError.self) { try RTSPSource(address: Secret(address)).open() }
            #expect(error.code == .unauthenticated)
            #expect(!"\(error) \(error.context)".contains("geheim"))
        }
        var dumped = ""
        dump(source, to: &dumped)
        #expect(!dumped.contains("geheim"))
    }

    @Test("that is not there is reported in words that a person understands")
    func absent() throws {
        let footage = try Footage()
        let server = try RTSPServer(["cam": try footage.make("cam.264.ts", seconds: 1)])
        let wrongPath = try #require(throws: GuardianError.self) {
            try RTSPSource(address: Secret(server.url("door"))).open()
        }
        #expect(wrongPath.code == .notFound)
        server.kill()
        let refused = try #require(throws: GuardianError.self) {
            try RTSPSource(address: Secret(server.url("cam"))).open()
        }
        #expect(refused.code == .unavailable)
        #expect(refused.message == "Opening the camera's stream failed: the connection was refused.")
        let wrongScheme = try #require(throws: GuardianError.self) {
            try RTSPSource(address: Secret("http://user:geheim@127.0.0.1/")).open()
        }
        #expect(wrongScheme.code == .invalidArgument)
    }

    @Test("that does not answer is given up in time")
    func silent() throws {
        let listener = try SilentListener()
        let source = RTSPSource(
            address: Secret("rtsp://127.0.0.1:\(listener.port)/cam"), options: .init(openTimeout: 0.5))
        let error = try #require(throws: GuardianError.self) { try source.open() }
        #expect(error.code == .deadlineExceeded)
    }

    @Test("can be interrupted from another thread while it blocks")
    func interruption() throws {
        let listener = try SilentListener()
        let source = RTSPSource(
            address: Secret("rtsp://127.0.0.1:\(listener.port)/cam"), options: .init(openTimeout: 60))
        let interruption = source.interruption
        let thread = Thread { interruption.interrupt() }
        thread.start()
        let error = try #require(throws: GuardianError.self) { try source.open() }
        #expect(error.code == .cancelled)
    }

    @Test("that changes its picture's size reports it before the first packet of the new size")
    func resolution() throws {
        let footage = try Footage()
        let small = try footage.make("small.264.ts", seconds: 1)
        let large = try footage.make("large.264.ts", seconds: 1, size: "640x480")
        let both = footage.path("both.264.ts")
        try Tool.run(
            "ffmpeg", ["-v", "error", "-i", "concat:\(small)|\(large)", "-c", "copy", "-fflags", "+genpts", both])
        let server = try RTSPServer(["cam": both])
        let source = RTSPSource(address: Secret(server.url("cam")))
        let stream = try source.open()
        #expect(stream.width == 320)
        var changes: [StreamDescription] = []
        var afterChange: Packet?
        var count = 0
        while count < 25, let item = try source.next() {
            switch item {
            case .changed(let stream): changes.append(stream)
            case .packet(let packet):
                count += 1
                if !changes.isEmpty, afterChange == nil { afterChange = packet }
            }
        }
        #expect(changes.map(\.width) == [640])
        #expect(afterChange?.isKeyframe == true)
    }

    @Test("that is cut off after the delimiter of a picture gives the pictures before it only")
    func delimiter() throws {
        let footage = try Footage()
        let film = try footage.annexB()
        let camera = try ScriptedCamera("--film", film, "--cut-after", "7", "--cut-at-delimiter")
        let source = RTSPSource(address: Secret(camera.url()))
        _ = try source.open()
        var times: [Ticks] = []
        while case .packet(let packet)? = try? source.next() { times.append(packet.pts) }
        #expect(times.count == 7)
    }

    @Test(
        "that sends what nobody asked for between its pictures is read on, from keyframe to keyframe",
        arguments: ["bytes", "packet", "answer", "media"])
    func noise(kind: String) throws {
        let footage = try Footage()
        // Every fifth picture is a keyframe, and some of them come right after the noise.
        let film = try footage.make(
            "film.264", seconds: 2, rate: 10, codec: "libx264 -bf 0 -x264-params aud=1:repeat-headers=1", gop: 5)
        let camera = try ScriptedCamera("--film", film, "--noise", kind)
        let source = RTSPSource(address: Secret(camera.url()))
        _ = try source.open()
        var (keyframes, read) = (0, 0)
        while keyframes < 6 {
            guard case .packet(let packet)? = try source.next() else { continue }
            read += 1
            keyframes += packet.isKeyframe ? 1 : 0
        }
        #expect(read >= 10 && camera.heard.count { $0.hasPrefix("PLAY") } == 1, "\(read) \(camera.heard)")
    }

    @Test("whose parameter sets alternate in their usability information only reports no change")
    func usability() throws {
        let footage = try Footage()
        let first = try footage.make("first.264.ts", seconds: 1)
        let second = footage.path("second.264.ts")
        try Tool.run(
            "ffmpeg", ["-v", "error", "-i", first, "-c", "copy", "-bsf:v", "h264_metadata=tick_rate=50", second])
        let both = footage.path("both.264.ts")
        let turns = [first, second, first, second].joined(separator: "|")
        try Tool.run("ffmpeg", ["-v", "error", "-i", "concat:\(turns)", "-c", "copy", "-fflags", "+genpts", both])
        let server = try RTSPServer(["cam": both])
        let source = RTSPSource(address: Secret(server.url("cam")))
        let stream = try source.open()
        var keyframes = 0
        while keyframes < 4, let item = try source.next() {
            switch item {
            case .changed(let changed): Issue.record("\(changed) instead of \(stream)")
            case .packet(let packet): keyframes += packet.isKeyframe ? 1 : 0
            }
        }
        #expect(keyframes == 4)
    }

    @Test("gives its AAC sound when it is wanted, and only then")
    func sound() throws {
        let footage = try Footage()
        let server = try RTSPServer(["cam": try footage.make("cam.264.aac.ts", seconds: 3, audio: "aac")])
        let silent = RTSPSource(address: Secret(server.url("cam")))
        #expect(try silent.open().audio == nil)
        #expect(try packets(silent, 20).allSatisfy { $0.kind == .video })
        let source = RTSPSource(address: Secret(server.url("cam")), options: .init(wantsAudio: true))
        let stream = try source.open()
        #expect(stream.audio?.sampleRate == 48_000)
        #expect(stream.codecs?.hasSuffix(",mp4a.40.2") == true)
        let kinds = Set(try packets(source, 60).map(\.kind))
        #expect(kinds == [.video, .audio])
    }
}

/// Accepts connections and never sends anything.
final class SilentListener {
    let port: Int
    private let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, length) == 0 && listen(descriptor, 4) == 0
                    && getsockname(descriptor, raw, &length) == 0
            }
        }
        guard bound else { throw Tool.Failure(text: "no port") }
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { Foundation.close(descriptor) }
}
