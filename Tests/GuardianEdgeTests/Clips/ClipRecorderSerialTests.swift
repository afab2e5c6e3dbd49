import Crypto
import Foundation
import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianStorage
import GuardianTestKit
import Testing

@Suite("A recorder")
struct ClipRecorderSerialTests {
    private let shortSettings = RecordingSettings(preRoll: .seconds(3), postRoll: .seconds(1), maximum: .seconds(300))

    /// - Parameter isCut: whether the camera may have been cut off in the middle of a picture. What came of that is kept: it may be what
    ///   somebody looks for, and players show what there is of it.
    private func check(_ clip: Clip, _ path: String, codec: String = "h264", isCut: Bool = false) throws {
        let file = try Data(contentsOf: URL(filePath: path))
        #expect(clip.size == Int64(file.count))
        #expect(clip.sha256?.bytes == Array(SHA256.hash(data: file)))
        #expect(try Tool.probe(path, "stream=codec_name") == [codec])
        let errors = try Tool.decodingErrors(path, exceptLast: isCut)
        #expect(errors == "")
        #expect(try Tool.fragmentLengths(path).allSatisfy { $0 <= 1.001 })
        let length = try #require(Double(try Tool.probe(path, "format=duration").first ?? ""))
        #expect(abs(length * 1000 - Double(clip.duration)) < 100)
    }

    @Test(
        "records from RTSP from before an event until after it, into one clip for concurrent events",
        arguments: [("cam.264.ts", "libx264 -bf 0", "h264"), ("cam.265.ts", "libx265 -bf 0", "hevc")])
    func records(name: String, codec: String, expected: String) async throws {
        let footage = try Footage()
        let server = try RTSPServer(["cam": try footage.make(name, seconds: 40, codec: codec)])
        let camera = try RecordedCamera(
            CameraSession.test(server.url("cam")), folder: footage.path("clips"), settings: shortSettings)
        let (first, second) = (EventID(UUID()), EventID(UUID()))
        try await camera.running {
            try await eventually("some seconds in the ring") {
                (camera.now - (camera.session.ringStart() ?? camera.now)) > .milliseconds(4500)
            }
            let sight = camera.now - .milliseconds(500)
            let spans = await camera.recorder.begin(first, at: sight)
            #expect(spans.count == 1 && spans[0].from >= 2_000 && !spans[0].preRollShort)
            #expect(camera.recorder.isRecording)
            try await eventually("a fragment more") { camera.now > sight + .milliseconds(1500) }
            let again = await camera.recorder.begin(second, at: camera.now - .milliseconds(300))
            #expect(again.map(\.clip) == spans.map(\.clip))
            let open = try #require(camera.opened.first)
            let extent = try camera.store.extent(of: open.id, camera: open.camera)
            #expect(extent.isOpen && extent.length > 1000)
            let prefix = try Data(contentsOf: URL(filePath: extent.path)).prefix(Int(extent.length))
            let part = footage.path("prefix.mp4")
            try prefix.write(to: URL(filePath: part))
            #expect(try Tool.decodingErrors(part) == "")

            await camera.recorder.end(first, lastSight: camera.now - .milliseconds(200))
            let last = camera.now + .milliseconds(700)
            try await eventually("the second stays a while") { camera.now > last }
            #expect(camera.closed.isEmpty)
            await camera.recorder.end(second, lastSight: last)
            try await eventually("closed") { !camera.closed.isEmpty }
            let spansAfter = await camera.recorder.spans(of: second, from: sight + .milliseconds(1200), to: last)
            let span = try #require(spansAfter.first)
            let clip = try #require(camera.closed.first)
            #expect(spansAfter.count == 1 && span.clip == clip.id && span.to <= clip.duration)
            #expect(clip.duration >= span.to + 900)
        }
        #expect(camera.opened.count == 1 && camera.closed.count == 1)
        let clip = try #require(camera.closed.first)
        #expect(clip.state == .complete && clip.missingPackets == 0)
        #expect(clip.id.time == clip.startedAt)
        try check(clip, camera.path(clip), codec: expected)
        #expect(abs(Timestamp(Date()) - clip.startedAt) < 30_000)
    }

    @Test("continues without events, gives each event a clip of its own with its pre-roll, and goes on after it")
    func continuous() async throws {
        let footage = try Footage()
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 8))), folder: footage.path("clips"),
            settings: shortSettings)
        let event = EventID(UUID())
        try await camera.running {
            try await eventually("live") { camera.now > 1_000 }
            await camera.recorder.beginContinuous(from: .distantPast)
            let sight = camera.now + .milliseconds(3_500)
            try await eventually("three seconds more") { camera.now > sight }
            let spans = await camera.recorder.begin(event, at: sight)
            #expect(camera.opened.count == 1 || camera.opened.map(\.kind) == [.continuous, .event])
            try await eventually("its clip") { camera.opened.map(\.kind) == [.continuous, .event] }
            #expect(spans.map(\.clip) == [camera.opened[1].id] && spans.first?.preRollShort == false)
            await camera.recorder.end(event, lastSight: camera.now)
            try await eventually("another one follows") {
                camera.opened.map(\.kind) == [.continuous, .event, .continuous]
            }
            await camera.recorder.endContinuous()
            try await eventually("all are closed") { camera.closed.count == 3 }
            #expect(!camera.recorder.isRecording)
        }
        #expect(camera.opened.count == 3)
        // From the first clip to the last, nothing is missing.
        for (clip, next) in zip(camera.closed, camera.closed.dropFirst()) {
            #expect(clip.missingPackets == 0 && next.startedAt <= clip.startedAt + clip.duration + 100)
            try check(clip, camera.path(clip))
        }
    }

    @Test("begins its clips with the picture when the sound has begun seconds before it")
    func soundFirst() async throws {
        let footage = try Footage()
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.withSoundFirst("in.mkv")), audio: true),
            folder: footage.path("clips"), settings: shortSettings)
        let event = EventID(UUID())
        try await camera.running {
            try await eventually("the first picture") { camera.session.ringStart() != nil }
            let sight = camera.now
            _ = await camera.recorder.begin(event, at: sight)
            try await eventually("two seconds") { camera.now > sight + .seconds(2) }
            await camera.recorder.end(event, lastSight: sight)
            try await eventually("closed") { !camera.closed.isEmpty }
        }
        for clip in camera.closed {
            let starts = try Tool.probe(camera.path(clip), "stream=start_time").compactMap(Double.init)
            #expect(starts.count == 2 && starts.allSatisfy { $0 < 0.2 }, "picture and sound: \(starts)")
        }
    }

    @Test("goes on in the emergency folder, without losing a packet, when its disk cannot be written any more")
    func failingDisk() async throws {
        let footage = try Footage()
        let clips = footage.path("clips")
        let identity = UUID()
        let place = Place(clips, register: .init(read: { identity }, write: { _ in }))
        try PlaceMarker.write(identity, to: clips)
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 8))), folder: clips,
            settings: RecordingSettings(preRoll: .seconds(1), postRoll: .seconds(1), maximum: .seconds(3)),
            place: place,
            emergency: EmergencyFolder(folder: footage.path("emergency"), keepFree: 0))
        await place.check()
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            await camera.recorder.begin(EventID(UUID()), at: camera.now)
            try await eventually("a clip") { camera.opened.count == 1 }
            // As an unmounted disk: the open file stays writable, new ones would lie below the mount point.
            try FileManager.default.moveItem(atPath: clips, toPath: footage.path("disk"))
            try FileManager.default.createDirectory(atPath: clips, withIntermediateDirectories: false)
            try await eventually("another clip") { camera.opened.count >= 3 }
        }
        let paths = camera.opened.map { camera.path($0) }
        #expect(paths.dropFirst().allSatisfy { $0.hasPrefix(footage.path("emergency")) })
        for (clip, next) in zip(camera.closed, camera.closed.dropFirst()) {
            #expect(next.startedAt <= clip.startedAt + clip.duration + 100 && next.missingPackets == 0)
        }
    }

    @Test("reports that the stream had less than two seconds before the event")
    func short() async throws {
        let footage = try Footage()
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 6))), folder: footage.path("clips"),
            settings: shortSettings)
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            let spans = await camera.recorder.begin(EventID(UUID()), at: camera.now)
            #expect(spans.count == 1 && spans[0].preRollShort)
        }
        #expect(camera.closed.count == 1)
    }

    @Test("stays in one clip, with packets in order, however often events begin while packets arrive")
    func crowd() async throws {
        let footage = try Footage()
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 8))), folder: footage.path("clips"),
            settings: shortSettings)
        let events = (0..<40).map { _ in EventID(UUID()) }
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            let until = camera.now + .seconds(4)
            while camera.now < until {
                for event in events { _ = await camera.recorder.begin(event, at: camera.now) }
            }
        }
        #expect(camera.opened.count == 1 && camera.closed.count == 1)
        let clip = try #require(camera.closed.first)
        #expect(clip.missingPackets == 0)
        try check(clip, camera.path(clip))
    }

    @Test("goes on in the next clip, without a gap, when one is full")
    func splits() async throws {
        let footage = try Footage()
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 6))), folder: footage.path("clips"),
            settings: RecordingSettings(preRoll: .seconds(1), postRoll: .milliseconds(500), maximum: .seconds(3)))
        let event = EventID(UUID())
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            let begin = camera.now
            await camera.recorder.begin(event, at: begin)
            try await eventually("three clips") { camera.opened.count == 3 }
            let spans = await camera.recorder.spans(of: event, from: begin, to: camera.now)
            #expect(spans.map(\.clip) == camera.opened.map(\.id))
            #expect(spans.dropFirst().allSatisfy { $0.from == 0 && !$0.preRollShort })
            await camera.recorder.end(event, lastSight: camera.now)
            try await eventually("all closed") { camera.closed.count == camera.opened.count }
        }
        let clips = camera.closed
        for clip in clips {
            #expect(clip.duration <= 3_010)
            try check(clip, camera.path(clip))
        }
        for (before, after) in zip(clips, clips.dropFirst()) {
            #expect(abs(before.startedAt + before.duration - after.startedAt) < 60)
        }
    }

    @Test("closes the clip when the camera goes and begins another when it is back")
    func lost() async throws {
        let footage = try Footage()
        let path = try footage.make("cam.264.ts", seconds: 60)
        let server = try RTSPServer(["cam": path])
        let camera = try RecordedCamera(
            CameraSession.test(server.url("cam")), folder: footage.path("clips"), settings: shortSettings)
        let event = EventID(UUID())
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            let begin = camera.now
            await camera.recorder.begin(event, at: begin)
            try await eventually("some picture") { camera.now > begin + .milliseconds(1500) }
            server.kill()
            try await eventually("closed") { camera.closed.count == 1 }
            let again = try RTSPServer(["cam": path], port: server.port)
            try await eventually("another clip") { camera.opened.count == 2 }
            let spans = await camera.recorder.spans(of: event, from: begin, to: camera.now)
            #expect(spans.count == 2)
            again.kill()
        }
        #expect(camera.closed.count == 2)
        for clip in camera.closed { try check(clip, camera.path(clip), isCut: true) }
    }

    @Test("keeps the part that came of the picture in which the camera was cut off")
    func cut() async throws {
        let footage = try Footage()
        let film = try footage.annexB(seconds: 4, size: "640x480")
        // The next one is a keyframe, of many packets.
        let server = try ScriptedCamera("--film", film, "--cut-after", "30")
        let camera = try RecordedCamera(
            CameraSession.test(server.url()), folder: footage.path("clips"), settings: shortSettings)
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            await camera.recorder.begin(EventID(UUID()), at: camera.now)
            try await eventually("closed") { !camera.closed.isEmpty }
        }
        let clip = try #require(camera.closed.first)
        try check(clip, camera.path(clip), isCut: true)
        #expect(try Tool.decodingErrors(camera.path(clip)) != "")
    }

    @Test("begins another clip where the picture changes its size")
    func resolution() async throws {
        let footage = try Footage()
        let small = try footage.make("small.264.ts", seconds: 2)
        let large = try footage.make("large.264.ts", seconds: 3, size: "640x480")
        let both = footage.path("both.264.ts")
        try Tool.run("ffmpeg", ["-v", "error", "-i", "concat:\(small)|\(large)", "-c", "copy", both])
        let server = try RTSPServer(["cam": both])
        let camera = try RecordedCamera(
            CameraSession.test(server.url("cam")), folder: footage.path("clips"), settings: shortSettings)
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            await camera.recorder.begin(EventID(UUID()), at: camera.now)
            try await eventually("two closed") { camera.closed.count >= 2 }
        }
        let sizes = try camera.closed.prefix(2).map { try Tool.probe(camera.path($0), "stream=width,height").first }
        #expect(sizes == ["320,240", "640,480"])
        for clip in camera.closed.prefix(2) { try check(clip, camera.path(clip)) }
    }

    @Test("ends the post-roll by the monotonic clock when media time does not reach its end")
    func slowMediaTime() async throws {
        let footage = try Footage()
        let monotonic = TestClock()
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 6))), folder: footage.path("clips"),
            settings: shortSettings, monotonic: monotonic)
        let event = EventID(UUID())
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            await camera.recorder.begin(event, at: camera.now)
            try await eventually("recording") { camera.recorder.isRecording }
            // As if media time had stood still since: its end is an hour away.
            await camera.recorder.end(event, lastSight: camera.now + .seconds(3_600))
            let begun = camera.now
            try await eventually("some pictures") { camera.now >= begun + .milliseconds(400) }
            #expect(camera.recorder.isRecording)
            monotonic.advance(by: shortSettings.postRoll + .seconds(2))
            try await eventually("closed") { camera.closed.count == 1 }
        }
        let clip = try #require(camera.closed.first)
        try check(clip, camera.path(clip))
    }

    @Test("follows a change of the post-roll while an event is open, in the clip that is open")
    func changedPostRoll() async throws {
        let footage = try Footage()
        let monotonic = TestClock()
        let current = Slot(shortSettings)
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 20))), folder: footage.path("clips"),
            settings: current.value ?? RecordingSettings(), monotonic: monotonic)
        let event = EventID(UUID())
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            await camera.recorder.begin(event, at: camera.now)
            try await eventually("recording") { camera.recorder.isRecording }
            current.value = RecordingSettings(preRoll: .seconds(3), postRoll: .seconds(3_600), maximum: .seconds(300))
            let end = camera.now
            await camera.recorder.end(event, lastSight: end)
            monotonic.advance(by: shortSettings.postRoll + .seconds(2))
            try await eventually("past the old post-roll") {
                camera.now >= end + shortSettings.postRoll + .milliseconds(400)
            }
            #expect(camera.recorder.isRecording && camera.closed.isEmpty)
        }
        let clip = try #require(camera.closed.first)
        #expect(camera.opened.count == 1 && clip.duration > 1_000)
        try check(clip, camera.path(clip))
    }

    @Test("pauses on a full disk and goes on when there is room, harming nothing")
    func diskFull() async throws {
        let footage = try Footage()
        let disk = FakeDisk(free: 1 << 30)
        let monotonic = TestClock()
        let camera = try RecordedCamera(
            CameraSession.test("file:" + (try footage.make("in.mp4", seconds: 6))), folder: footage.path("clips"),
            settings: shortSettings, monotonic: monotonic, space: disk.space)
        let event = EventID(UUID())
        try await camera.running {
            try await eventually("live") { camera.now > 0 }
            await camera.recorder.begin(event, at: camera.now)
            try await eventually("recording") { camera.recorder.isRecording }
            let begun = camera.now
            try await eventually("some pictures") { camera.now >= begun + .milliseconds(400) }
            disk.set(free: 1000)
            // The store and the recorder each look once a second.
            try await monotonic.waitForSleepers(2)
            monotonic.advance(by: .seconds(1))
            try await eventually("closed") { camera.closed.count == 1 }
            try await eventually("said so") { camera.coverage.map(\.change) == [.diskFull] }
            #expect(!camera.recorder.isRecording)
            #expect(await camera.recorder.begin(EventID(UUID()), at: camera.now + .seconds(2)).isEmpty)
            disk.set(free: 1 << 30)
            try await eventually("recording again", advancing: monotonic, by: .seconds(1)) {
                camera.recorder.isRecording
            }
        }
        #expect(camera.coverage.map(\.change) == [.diskFull, .diskBack])
        #expect(camera.closed.count == 2)
        for clip in camera.closed { try check(clip, camera.path(clip)) }
    }
}
