import Foundation
import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A camera's session")
struct CameraSessionSerialTests {
    @Test("reads the camera, notices its loss and its return; media time only increases")
    func reconnects() async throws {
        let footage = try Footage()
        let path = try footage.make("cam.264.ts", seconds: 60)
        let server = try RTSPServer(["cam": path])
        let session = try CameraSession.test(server.url("cam"))
        try await session.running {
            let changes = session.healthChanges()
            let subscription = session.subscribe(limit: .recording)
            try await eventually("a steady picture rate") { (13...17).contains(session.health.fps) }
            let health = session.health
            #expect(health.state == .live && health.codec == "h264" && health.width == 320 && health.height == 240)
            #expect(health.bitrate > 1000 && health.reconnects == 0 && health.lastFailure == nil)
            let newest = try #require(session.newestGOP())
            #expect(newest.packets.first?.isKeyframe == true)
            let taken = try #require(newest.packets.last)
            let age = Timestamp(Date()) - session.anchor().timestamp(ofMediaTime: taken.mediaTime)
            #expect((-200...2000).contains(age))

            server.kill()
            try await eventually("lost") { session.health.state == .lost }
            #expect(session.health.lastFailure?.isEmpty == false)
            #expect(session.newestGOP() == nil)
            let again = try RTSPServer(["cam": path], port: server.port)
            try await eventually("back") { session.health.state == .live }
            #expect(session.health.reconnects == 1)
            again.kill()

            var states: [CameraHealth.State] = []
            for await change in changes {
                states.append(change.state)
                if states.count == 3 { break }
            }
            #expect(states == [.live, .lost, .live])
            let items = subscription.drain()
            var last = Ticks(.min)
            var lost = 0
            for item in items {
                switch item {
                case .packet(let packet):
                    #expect(packet.dts > last)
                    last = packet.dts
                case .lost: lost += 1
                case .stream(let stream): #expect(stream.width == 320)
                }
            }
            #expect(lost >= 1)
        }
        #expect(session.health.state == .stopped)
    }

    @Test("never shows the password: not in the log, not in its health")
    func password() async throws {
        let footage = try Footage()
        let server = try RTSPServer(
            ["cam": try footage.make("cam.264.ts", seconds: 2)], user: "owner", password: "right")
        let book = LogBook()
        let session = try CameraSession.test(server.url("cam", user: "owner:geheim-99"), logger: book.logger)
        try await session.running {
            try await eventually("refused") { session.health.lastFailure != nil }
        }
        #expect(session.health.lastFailure?.contains("password") == true)
        #expect(book.text.contains("camera lost"))
        var dumped = "\(session.health) \(session.settings)"
        dump(session, to: &dumped)
        #expect(!dumped.contains("geheim") && !book.text.contains("geheim"))
    }

    @Test("says what to set in a camera whose video cannot be recorded")
    func codec() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.make("in.avi", seconds: 2, codec: "mpeg4")))
        try await session.running {
            try await eventually("refused") { session.health.state == .lost }
        }
        #expect(session.health.lastFailure?.contains("Set the camera to H.264 or H.265") == true)
    }

    @Test("says which sound it leaves out")
    func sound() async throws {
        let footage = try Footage()
        let book = LogBook()
        let path = try footage.make("in.mkv", seconds: 2, audio: "pcm_alaw")
        let session = try CameraSession.test("file:" + path, audio: true, logger: book.logger)
        try await session.running { try await eventually("live") { session.health.state == .live } }
        #expect(book.text.contains("pcm_alaw"))
    }

    @Test("gives a slow reader the newest pictures from a keyframe on")
    func slowReader() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 4, rate: 30, gop: 10)))
        try await session.running {
            let subscription = session.subscribe(limit: .init(packets: 25, bytes: 1 << 24))
            try await eventually("some were dropped") { subscription.dropped >= 60 }
            let packets = subscription.drain().compactMap { if case .packet(let packet) = $0 { packet } else { nil } }
            #expect(packets.count <= 25)
            #expect(packets.first?.isKeyframe != false)
            #expect(packets.first?.discontinuity != false)
            #expect(zip(packets, packets.dropFirst()).allSatisfy { $1.sequence == $0.sequence + 1 })
        }
    }

    @Test("gives a new reader all that the ring has from a moment on, however small the reader's queue is")
    func beginning() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 4, rate: 30, gop: 10)))
        try await session.running {
            try await eventually("more than the queue takes") {
                guard let start = session.ringStart() else { return false }
                return (session.newestGOP()?.packets.last?.mediaTime ?? start) > start + .seconds(1)
            }
            var start = try #require(session.ringStart())
            var subscription = session.subscribe(limit: .init(packets: 25, bytes: 1 << 24), from: .covering(start))
            // The ring may have lost its beginning meanwhile.
            while let now = session.ringStart(), now != start {
                start = now
                subscription = session.subscribe(limit: .init(packets: 25, bytes: 1 << 24), from: .covering(start))
            }
            let packets = subscription.drain().compactMap { if case .packet(let packet) = $0 { packet } else { nil } }
            #expect(packets.first?.mediaTime == start && packets.count >= 30 && subscription.dropped == 0)
            #expect(zip(packets, packets.dropFirst()).allSatisfy { $1.sequence == $0.sequence + 1 })
        }
    }

    @Test("loses nothing of a reader who stops and goes on")
    func readerInTwoLoops() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 4)))
        try await session.running {
            let subscription = session.subscribe()
            var first: StreamDescription?
            for await item in subscription {
                if case .stream(let stream) = item {
                    first = stream
                    break
                }
            }
            #expect(first?.width == 320)
            for await item in subscription {
                guard case .packet(let packet) = item else { continue }
                #expect(packet.isKeyframe)
                break
            }
        }
    }

    @Test("brings two streams onto one clock")
    func detection() async throws {
        let footage = try Footage()
        let server = try RTSPServer([
            "main": try footage.make("main.264.ts", seconds: 20),
            "sub": try footage.make("sub.264.ts", seconds: 20, size: "160x120"),
        ])
        let session = try CameraSession.test(server.url("main"), detect: server.url("sub"))
        try await session.running {
            try await eventually("both are live") {
                session.health.state == .live && session.health(of: .detection).state == .live
            }
            #expect(session.description(of: .detection)?.width == 160)
            try await eventually("pictures") { (session.newestGOP(of: .detection)?.packets.count ?? 0) > 5 }
            // On two clocks they would stay apart; on one, a busy machine may have kept one of the streams waiting.
            try await eventually("they are on one clock") {
                let seen = try #require(session.newestGOP(of: .detection)?.packets.last).mediaTime
                let newest = try #require(session.newestGOP()?.packets.last).mediaTime
                return (session.mainMediaTime(ofDetection: seen) - newest).magnitude < .milliseconds(1500)
            }
        }
    }

    @Test("dates pictures by the wall clock although it is set while the camera sends")
    func clockSet() async throws {
        let footage = try Footage()
        let (clock, book) = (SettableClock(), LogBook())
        let session = try CameraSession.test(
            "file:" + (try footage.make("in.mp4", seconds: 3)), clock: clock, logger: book.logger)
        func age() throws -> Int64 {
            let newest = try #require(session.newestGOP()?.packets.last)
            return clock.now() - session.anchor().timestamp(ofMediaTime: newest.mediaTime)
        }
        try await session.running {
            try await eventually("live") { session.newestGOP() != nil }
            let before = try #require(session.newestGOP()?.packets.last?.mediaTime)
            let old = session.anchor().timestamp(ofMediaTime: before)
            for step in [3_600_000, -7_200_000] as [Int64] {
                clock.shift(by: step)
                try await eventually("the new time") { abs(try age()) < 30_000 }
            }
            #expect(abs(session.anchor().timestamp(ofMediaTime: before) - old) < 1_000)
            #expect(session.health.reconnects == 0)
        }
        #expect(book.text.contains("the recorder's clock was set"))
    }

    @Test("gives the pictures up to a moment, from a keyframe on")
    func pictures() async throws {
        let footage = try Footage()
        let session = try CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 3)))
        try await session.running {
            try await eventually("live") { session.ringStart() != nil }
            let start = try #require(session.ringStart())
            try await eventually("two GOPs") {
                (session.newestGOP()?.packets.first?.mediaTime ?? 0) > start + .seconds(2)
            }
            let wanted = start + .milliseconds(1500)
            let (stream, packets) = try #require(session.pictures(upTo: wanted))
            #expect(packets.first?.isKeyframe == true)
            let last = try #require(packets.last)
            #expect(last.mediaTime <= wanted && last.mediaTime > wanted - .milliseconds(70))
            let decoder = try VideoDecoder(stream: stream)
            let pictures = try packets.flatMap { try decoder.decode($0) } + decoder.flush()
            #expect(pictures.count == packets.count)
            #expect(session.pictures(upTo: start - .milliseconds(100)) == nil)
        }
    }
}
