import Foundation
import GRPCCore
import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianTestKit
import GuardianVision
import GuardianWire
import Logging
import Synchronization
import Testing

@Suite("A camera's watch", .timeLimit(.minutes(10)))
struct CameraWatchSerialTests {
    private let service = InferenceKit()
    private let camera: WatchedCamera
    private let received = ReceivedRequests()
    private let monotonic = TestClock()
    private let clock = ManualClock(WatchedCamera.now)
    private let log = LogBook()

    init() throws { camera = try WatchedCamera() }

    /// Runs the service, a connection to it and a watch of the camera while `body` runs.
    private func watching(pictures: Bool = false, _ body: (CameraWatch) async throws -> Void) async throws {
        let link = try service.link()
        let watch = camera.watch(link, pictures: pictures, monotonic: monotonic, clock: clock, log: log)
        try await service.serving { try await running(link) { try await running(watch) { try await body(watch) } } }
    }

    @Test("describes the camera and each stream, and sends the packets in order")
    func start() async throws {
        service.answer { [received] in
            $0.watch = { _, requests, _ in for try await request in requests { received.add(request) } }
        }
        try await watching(pictures: true) { _ in
            try await eventually("subscribed") { camera.subscriptions == 1 }
            try camera.send(0..<30)
            try await eventually("all packets") { received.packets.count == 30 }
            camera.offer(.lost)
            camera.offer(.stream(camera.stream(width: 640)))
            try camera.send(100..<101)
            try await eventually("the new stream") { received.packets.count == 31 }
        }
        #expect(received.starts.map(\.camera) == [camera.identity.id.description, camera.identity.id.description])
        #expect(received.starts.map(\.rate) == [4, 4] && received.starts.map(\.pictures) == [true, true])
        #expect(received.starts.map(\.stream.width) == [320, 640])
        #expect(received.starts.first?.stream.codec == .h264)
        #expect(received.starts.first?.stream.extradata == Data([1, 2, 3]))
        let sequences = Array(UInt64(0)..<30) + [0]
        #expect(received.packets.map(\.sequence) == sequences, "the sequence starts again with a new stream")
        #expect(received.packets.prefix(30).map(\.pts) == (Int64(0)..<30).map { $0 * 9_000 })
    }

    @Test("delivers each observation with its packet's arrival, or with the current time if the packet is unknown")
    func observations() async throws {
        service.answer { [received] in
            $0.watch = { _, requests, replies in
                for try await request in requests {
                    received.add(request)
                    if received.packets.count == 10 { try await replies.write(.looks([0, 300, 333])) }
                }
            }
        }
        try await watching { watch in
            #expect(watch.state == .unknown && watch.report.lastLook == nil)
            try await eventually("subscribed") { camera.subscriptions == 1 }
            try camera.send(0..<10)
            try await eventually("observed") { camera.delivered.count == 4 }
            #expect(watch.state == .looking && watch.report.lastLook?.time == WatchedCamera.now)
        }
        #expect(
            camera.delivered == [
                "back", "0 at \(Sample.start)", "300 at \(Sample.start + 300)", "333 at \(WatchedCamera.now)",
            ])
    }

    @Test("sends keyframes only while the service asks for no more, and then all packets again")
    func attention() async throws {
        service.answer { [received] in
            $0.watch = { _, requests, replies in
                for try await request in requests {
                    received.add(request)
                    if received.packets.count == 200 { try await replies.write(.looks([0], .quiet)) }
                    if received.packets.count == 202 { try await replies.write(.looks([30_000])) }
                }
            }
        }
        try await watching { watch in
            try await eventually("subscribed") { camera.subscriptions == 1 }
            // Equal packet sizes for twenty seconds: the selection detects no activity.
            try camera.send(0..<200)
            try await eventually("quiet") { watch.state == .quiet }
            try camera.send(200..<301)
            try await eventually("looking") { watch.state == .looking }
            try camera.send(301..<311)
            try await eventually("all that follows") { received.packets.count == 212 }
        }
        #expect(received.packets.dropFirst(200).map(\.pts) == ([200] + Array(Int64(300)..<311)).map { $0 * 9_000 })
    }

    @Test("reports a loss once with its reason, retries, and reports when the service answers again")
    func lost() async throws {
        camera.openWithKeyframe()
        service.answer {
            $0.watch = { number, requests, replies in
                guard number == 0 || number > 3 else { throw RPCError(code: .unavailable, message: "Away.") }
                for try await request in requests where !request.packets.packets.isEmpty {
                    try await replies.write(.looks([Int64(number)], .quiet))
                    guard number > 0 else { throw RPCError(code: .resourceExhausted, message: "Out of memory.") }
                }
            }
        }
        try await watching { watch in
            try await eventually("back again", advancing: monotonic, by: .milliseconds(50)) {
                camera.delivered.count == 5 && watch.state == .quiet
            }
        }
        #expect(camera.delivered.map { $0.prefix(4) } == ["back", "0 at", "lost", "back", "4 at"])
        #expect(camera.delivered[2].hasPrefix("lost since \(WatchedCamera.now)"), "since the last look")
        #expect(camera.delivered[2].contains("Out of memory."))
        #expect(service.watchCalls == 5 && camera.subscriptions == 5)
        let ceilings: [Duration] = [50, 100, 200, 400].map { .milliseconds($0) }
        // The watch asks itself once a second whether it still looks.
        let waits = monotonic.waits.filter { $0 != .seconds(1) }
        #expect(waits.count == 4, "one delay after each failure")
        #expect(zip(waits, ceilings).allSatisfy { $0 <= $1 }, "\(waits)")
    }

    @Test("is unknown while the service is starting, and lost from its start on when that has failed for ten seconds")
    func neverBegan() async throws {
        service.answer { $0.watch = { _, _, _ in throw RPCError(code: .unavailable, message: "No model.") } }
        try await watching { watch in
            try await eventually("tried again", advancing: monotonic, by: .milliseconds(10)) { service.watchCalls > 2 }
            #expect(watch.state == .unknown && camera.delivered.isEmpty)
            clock.set(WatchedCamera.now + 10_000)
            try await eventually("lost", advancing: monotonic, by: .milliseconds(500)) { watch.state == .lost }
            let calls = service.watchCalls
            try await eventually("tried again", advancing: monotonic, by: .milliseconds(500)) {
                service.watchCalls > calls + 2
            }
        }
        #expect(camera.delivered.count == 1)
        #expect(camera.delivered.first?.hasPrefix("lost since \(WatchedCamera.now)") == true)
        #expect(camera.delivered.first?.contains("No model.") == true)
        #expect(log.text.split(separator: "\n").count { $0.hasPrefix("warning camera is not being analysed") } == 1)
    }

    @Test("is lost when packets arrive without a look, since the last look, and starts a new watch")
    func silent() async throws {
        camera.openWithKeyframe()
        service.answer {
            $0.watch = { number, requests, replies in
                for try await request in requests where !request.packets.packets.isEmpty {
                    if number != 1 { try await replies.write(.looks([Int64(number)])) }
                }
            }
        }
        try await watching { watch in
            try await eventually("looking") { watch.state == .looking }
            let start = Occurrence(instant: monotonic.now(), time: Sample.start)
            clock.set(WatchedCamera.now + 10_000)
            camera.arrive(first: start, last: start.instant + .milliseconds(9_999))
            #expect(watch.state == .looking)
            camera.arrive(first: start, last: start.instant + .seconds(10))
            #expect(watch.state == .lost, "judged when it is read")
            #expect(watch.report.loss?.since == WatchedCamera.now && watch.report.loss?.reason.isEmpty == false)
            try await eventually("a new watch", advancing: monotonic, by: .milliseconds(100)) {
                service.watchCalls == 2
            }
            // The new watch is silent too: the loss is the same one.
            camera.arrive(first: start, last: monotonic.now() + .seconds(11))
            try await eventually("another watch", advancing: monotonic, by: .milliseconds(100)) {
                service.watchCalls == 3
            }
            // With packets of the future, its look would be ten seconds old at once, if it came within a second.
            camera.arrive(first: start, last: monotonic.now())
            try await eventually("looking again", advancing: monotonic, by: .milliseconds(100)) {
                watch.state == .looking
            }
        }
        #expect(camera.delivered.map { $0.prefix(4) } == ["back", "0 at", "lost", "back", "2 at"])
        #expect(camera.delivered[2].hasPrefix("lost since \(WatchedCamera.now)"))
    }

    @Test("names the detection stream that is lost while the main stream sends")
    func detectionStream() async throws {
        try await watching { watch in
            let start = Occurrence(instant: monotonic.now(), time: Sample.start)
            camera.obstruct("No route to host.")
            camera.arrive(first: start, last: start.instant + .seconds(10))
            #expect(watch.state == .lost)
            // Until the service has answered, that it has not is the reason.
            try await eventually("named") { watch.report.loss?.reason.contains("No route to host.") == true }
        }
    }

    @Test("is lost when the service ends the watch without an error")
    func ended() async throws {
        camera.openWithKeyframe()
        service.answer {
            $0.watch = { number, requests, replies in
                for try await request in requests where !request.packets.packets.isEmpty {
                    try await replies.write(.looks([Int64(number)]))
                    guard number > 0 else { return }
                }
            }
        }
        try await watching { _ in
            try await eventually("back", advancing: monotonic, by: .milliseconds(50)) { camera.delivered.count == 5 }
        }
        #expect(camera.delivered.map { $0.prefix(4) } == ["back", "0 at", "lost", "back", "1 at"])
    }

    @Test("says nothing and logs nothing when it is ended")
    func cancelled() async throws {
        camera.openWithKeyframe()
        service.answer {
            $0.watch = { _, requests, replies in
                for try await request in requests where !request.packets.packets.isEmpty {
                    try await replies.write(.looks([0]))
                }
            }
        }
        try await watching { watch in try await eventually("looking") { watch.state == .looking } }
        #expect(camera.delivered == ["back", "0 at \(Sample.start)"] && !log.text.contains("warning"))
    }

    @Test(
        "is lost when the service sends an invalid observation, and does not deliver it",
        arguments: [(1.5, 1), (1, .max), (1, .min), (1, 1 << 46), (1, 9_000), (1, -700_000)] as [(Double, Int64)])
    func hostile(confidence: Double, mediaTime: Int64) async throws {
        camera.openWithKeyframe()
        service.answer {
            $0.watch = { number, requests, replies in
                let (sent, time) = number == 1 ? (confidence, mediaTime) : (1, Int64(number))
                let sighting = Guardian_V1_TrackSighting.with { ($0.label, $0.confidence) = ("person", sent) }
                for try await request in requests where !request.packets.packets.isEmpty {
                    try await replies.write(
                        .with { $0.observations = [.with { ($0.mediaTime, $0.tracks) = (time, [sighting]) }] })
                    guard number > 0 else { throw RPCError(code: .unavailable, message: "Restarting.") }
                }
            }
        }
        try await watching { _ in
            try await eventually("observed", advancing: monotonic, by: .milliseconds(50)) {
                camera.delivered.contains { $0.hasPrefix("2 at") }
            }
        }
        #expect(camera.delivered.map { $0.prefix(4) } == ["back", "0 at", "lost", "back", "2 at"])
    }

    @Test("takes no observation of a time before the packets, after them, or without any")
    func times() throws {
        var log = ArrivalLog()
        #expect(!log.covers(0))
        for number in Int64(0)..<10 { log.note(try WatchedCamera.packet(number)) }
        #expect(log.covers(0) && log.covers(900) && log.covers(1_900) && log.covers(-600_000))
        #expect(!log.covers(1_901) && !log.covers(-600_001) && !log.covers(.distantFuture) && !log.covers(.distantPast))
    }

    @Test("remembers the arrival of the newest video packets, and forgets the oldest")
    func arrivals() throws {
        var log = ArrivalLog()
        log.note(try Packet(bytes: [1], kind: .audio, pts: 0, dts: 0, duration: 1, isKeyframe: true, sequence: 0))
        #expect(log.arrival(of: 0) == nil)
        for number in Int64(0)..<1_025 { log.note(try WatchedCamera.packet(number)) }
        #expect(log.arrival(of: 51_100) == nil && log.arrival(of: 51_200) == Sample.start + 51_200)
        #expect(log.arrival(of: 102_400) == Sample.start + 102_400 && log.arrival(of: 102_401) == nil)
    }
}
