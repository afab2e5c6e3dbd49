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

@Suite("A camera's watch", .timeLimit(.minutes(3)))
struct CameraWatchSerialTests {
    private let service = InferenceKit()
    private let camera: WatchedCamera
    private let received = ReceivedRequests()
    /// Retries begin at once.
    private let monotonic = TestClock(stepping: true)

    init() throws { camera = try WatchedCamera() }

    /// Runs the service, a connection to it and a watch of the camera while `body` runs.
    private func watching(pictures: Bool = false, _ body: (CameraWatch) async throws -> Void) async throws {
        let link = try service.link()
        let watch = camera.watch(link, pictures: pictures, monotonic: monotonic)
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
            #expect(watch.state == .lost)
            try await eventually("subscribed") { camera.subscriptions == 1 }
            try camera.send(0..<10)
            try await eventually("observed") { camera.delivered.count == 4 }
            #expect(watch.state == .looking)
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
                    if received.packets.count == 100 { try await replies.write(.with { $0.attention = .quiet }) }
                    if received.packets.count == 101 { try await replies.write(.with { $0.attention = .looking }) }
                }
            }
        }
        try await watching { watch in
            try await eventually("subscribed") { camera.subscriptions == 1 }
            // Equal packet sizes for ten seconds: the selection detects no activity.
            try camera.send(0..<100)
            try await eventually("quiet") { watch.state == .quiet }
            try camera.send(101..<201)
            try await eventually("looking") { watch.state == .looking }
            try camera.send(201..<211)
            try await eventually("all that follows") { received.packets.count == 111 }
        }
        #expect(received.packets.dropFirst(100).map(\.pts) == (Int64(200)..<211).map { $0 * 9_000 })
    }

    @Test("reports a loss once with its reason, retries, and reports when the service answers again")
    func lost() async throws {
        service.answer {
            $0.watch = { number, requests, replies in
                guard number == 0 || number > 3 else { throw RPCError(code: .unavailable, message: "Away.") }
                try await replies.write(.with { $0.attention = .quiet })
                guard number > 0 else { throw RPCError(code: .resourceExhausted, message: "Out of memory.") }
                for try await _ in requests {}
            }
        }
        try await watching { watch in
            try await eventually("back again") { camera.delivered.count == 3 && watch.state == .quiet }
        }
        #expect(camera.delivered.map { $0.prefix(4) } == ["back", "lost", "back"])
        #expect(camera.delivered.contains { $0.contains("Out of memory.") })
        #expect(service.watchCalls == 5 && camera.subscriptions == 5)
        let ceilings: [Duration] = [50, 100, 200, 400].map { .milliseconds($0) }
        #expect(monotonic.waits.count == 4, "one delay after each failure")
        #expect(zip(monotonic.waits, ceilings).allSatisfy { $0 <= $1 }, "\(monotonic.waits)")
    }

    @Test(
        "is lost when the service sends an invalid observation, and does not deliver it",
        arguments: [(1.5, 0), (1, .max), (1, .min), (1, 1 << 46), (1, 9_000), (1, -700_000)] as [(Double, Int64)])
    func hostile(confidence: Double, mediaTime: Int64) async throws {
        service.answer {
            $0.watch = { number, requests, replies in
                for try await request in requests {
                    guard case .packets = request.kind else { continue }
                    let sighting = Guardian_V1_TrackSighting.with {
                        ($0.label, $0.confidence) = ("person", number == 0 ? confidence : 1)
                    }
                    let time = number == 0 ? mediaTime : 1
                    try await replies.write(
                        .with { $0.observations = [.with { ($0.mediaTime, $0.tracks) = (time, [sighting]) }] })
                }
            }
        }
        try await watching { _ in
            for watch in 1...2 {
                try await eventually("subscribed") { camera.subscriptions == watch }
                try camera.send(0..<1)
                try await eventually("an answer") { camera.delivered.count >= watch * 2 }
            }
        }
        #expect(camera.delivered.map { $0.prefix(4) } == ["back", "lost", "back", "1 at"])
    }

    @Test("takes no observation of a time before the packets, after them, or without any")
    func times() throws {
        var log = ArrivalLog()
        #expect(!log.covers(0))
        for number in Int64(0)..<10 { log.note(try WatchedCamera.packet(number)) }
        #expect(log.covers(0) && log.covers(900) && log.covers(1_900) && log.covers(-600_000))
        #expect(!log.covers(1_901) && !log.covers(-600_001) && !log.covers(.max) && !log.covers(.min))
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
