import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianConfiguration
import GuardianCore
import GuardianInference
import GuardianMedia
import GuardianTestKit
import GuardianVision
import GuardianWire
import Logging
import Synchronization
import Testing

/// The real detector, of which chosen calls fail.
private struct FailingDetector: Detector {
    let real: any Detector
    let fails: @Sendable () -> Bool
    var model: ModelDescription { real.model }

    func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] {
        if fails() { throw GuardianError(.internal, "The detector failed: out of memory.") }
        return try real.detect(pictures)
    }
}

/// The real detector, which finds nothing at times.
private struct BlindDetector: Detector {
    let real: any Detector
    let isBlind: @Sendable () -> Bool
    var model: ModelDescription { real.model }

    func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] {
        let found = try real.detect(pictures)
        return isBlind() ? found.map { _ in [] } : found
    }
}

private final class Switch: Sendable {
    private let state = Mutex(false)
    var isOn: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

@Suite("The AI service", .serialized, .timeLimit(.minutes(10)))
struct InferenceServiceSerialTests {
    @Test("packets of a scene go in, people come out")
    func watch() async throws {
        let (stream, packets) = try campus(30)
        let people = try await withService { client in
            try await client.watch { writer in
                try await writer.write(
                    .with {
                        $0.start.camera = UUID().uuidString
                        $0.start.stream = stream
                        $0.start.rate = 5
                    })
                for packet in packets { try await writer.write(.with { $0.packets.packets = [packet] }) }
            } onResponse: { response in
                var observations: [Observation] = []
                for try await reply in response.messages {
                    observations += try reply.observations.map(Observation.init)
                }
                return observations
            }
        }
        #expect(people.count >= 5)
        #expect(people.map(\.mediaTime) == people.map(\.mediaTime).sorted())
        let seen = people.flatMap(\.tracks).filter { $0.seen && $0.label == .person && $0.confidence > 0.5 }
        #expect(!seen.isEmpty)
    }

    @Test("a watch whose thread fails ends with the reason while packets still come, and the next watch works")
    func failingThread() async throws {
        let (stream, packets) = try campus(30)
        let fails = Switch()
        let service = try RunningService { places, requests in
            FailingDetector(real: try OpenVINODetector(places: places, requests: requests)) { fails.isOn }
        }
        try await withService(service) { client in
            /// Sends packets for as long as the watch goes on, like an edge, and returns the looks of the first reply
            /// that has any.
            @Sendable func watch() async throws -> Int {
                let (ended, end) = AsyncStream.makeStream(of: Void.self)
                return try await client.watch { writer in
                    try await writer.write(.with { $0.start.stream = stream })
                    for packet in packets { try await writer.write(.with { $0.packets.packets = [packet] }) }
                    for await _ in ended {}
                } onResponse: { response in
                    defer { end.finish() }
                    for try await reply in response.messages where !reply.observations.isEmpty {
                        return reply.observations.count
                    }
                    return 0
                }
            }
            let before = try await watch()
            fails.isOn = true
            let error = await #expect(throws: RPCError.self) { try await watch() }
            fails.isOn = false
            let after = try await watch()
            #expect(before > 0 && after > 0)
            #expect(error?.message.contains("out of memory") == true)
        }
    }

    @Test("the service proves again and again that it sees, and says so when it does not")
    func sight() async throws {
        let blind = Switch()
        let service = try RunningService(proofInterval: .milliseconds(50)) { places, requests in
            BlindDetector(real: try OpenVINODetector(places: places, requests: requests)) { blind.isOn }
        }
        try await withService(service) { client in
            @Sendable func health() async throws -> Guardian_V1_HealthReply {
                try await client.health(Guardian_V1_HealthRequest())
            }
            try await eventually("proved") { try await health().proofAge > 0 }
            let seeing = try await health()
            #expect(seeing.proof && seeing.proofFailure.isEmpty)
            #expect(seeing.exposition.contains("guardian_ai_proof_age_seconds"))
            blind.isOn = true
            try await eventually("noticed") { try await !health().proofFailure.isEmpty }
            let reply = try await health()
            #expect(reply.ready && reply.proof && reply.proofFailure.contains("person"))
            blind.isOn = false
            try await eventually("proved again") { try await health().proofFailure.isEmpty }
        }
    }

    @Test("the packets of a GOP become a JPEG of the wanted moment")
    func snapshot() async throws {
        let (stream, packets) = try campus(5)
        let wanted = packets[3].pts / 90
        let reply = try await withService { client in
            try await client.snapshot { writer in
                try await writer.write(
                    .with {
                        $0.start.stream = stream
                        $0.start.mediaTime = wanted
                    })
                try await writer.write(.with { $0.packets.packets = packets })
            }
        }
        #expect(reply.jpeg.starts(with: [0xFF, 0xD8, 0xFF]))
        #expect(abs(reply.mediaTime - wanted) <= 1)
        #expect(reply.width == stream.width)
    }

    @Test("a picture that the watch holds needs no packets; one that it does not hold is not found")
    func heldPicture() async throws {
        let (stream, packets) = try campus(30)
        let camera = UUID().uuidString
        @Sendable func start(at time: MediaTime) -> Guardian_V1_SnapshotRequest {
            .with {
                $0.start.stream = stream
                $0.start.mediaTime = time.milliseconds
                $0.start.camera = camera
            }
        }
        let (asked, done) = AsyncStream.makeStream(of: Void.self)
        let (wanted, reply, code) = try await withService { client in
            try await client.watch { writer in
                try await writer.write(
                    .with {
                        $0.start.camera = camera
                        $0.start.stream = stream
                        $0.start.rate = 5
                        $0.start.pictures = true
                    })
                for packet in packets { try await writer.write(.with { $0.packets.packets = [packet] }) }
                for await _ in asked {}
            } onResponse: { response in
                defer { done.finish() }
                for try await reply in response.messages {
                    guard let seen = try reply.observations.map(Observation.init).first(where: { !$0.tracks.isEmpty })
                    else { continue }
                    // The first view is the best so far, and is kept for a moment after a better one arrives.
                    let picture = try await client.snapshot { try await $0.write(start(at: seen.mediaTime)) }
                    var code: RPCError.Code?
                    do {
                        _ = try await client.snapshot {
                            try await $0.write(start(at: seen.mediaTime + .milliseconds(1)))
                        }
                    } catch let error as RPCError { code = error.code }
                    return (seen.mediaTime.milliseconds, picture, code)
                }
                throw GuardianError(.notFound, "Nobody was seen.")
            }
        }
        #expect(reply.jpeg.starts(with: [0xFF, 0xD8, 0xFF]))
        #expect(reply.mediaTime == wanted)
        #expect(reply.width == stream.width)
        #expect(code == .notFound)
    }

    @Test("health names the model and carries the metrics; an unknown model is refused")
    func models() async throws {
        let (health, models) = try await withService { client in
            let health = try await client.health(Guardian_V1_HealthRequest())
            let models = try await client.models(Guardian_V1_ModelsRequest()).models
            await #expect(throws: RPCError.self) {
                try await client.load(.with { $0.name = "another" })
            }
            return (health, models)
        }
        #expect(models.map(\.name) == [health.model.name])
        #expect(Hash256(hex: health.model.sha256) != nil)
        #expect(health.exposition.contains("guardian_ai_look_seconds"))
    }

    @Test("a stream that is not a watch is refused with a reason")
    func refusals() async throws {
        try await withService { client in
            let noStart = await #expect(throws: RPCError.self) {
                try await client.watch { writer in
                    try await writer.write(.with { $0.packets = Guardian_V1_VideoPackets() })
                } onResponse: { response in
                    for try await _ in response.messages {}
                }
            }
            #expect(noStart?.code == .invalidArgument)
            let noCodec = await #expect(throws: RPCError.self) {
                try await client.watch { writer in
                    try await writer.write(.with { $0.start = Guardian_V1_WatchStart() })
                } onResponse: { response in
                    for try await _ in response.messages {}
                }
            }
            #expect(noCodec?.code == .invalidArgument)
        }
    }

    @Test("bytes that are not video yield nothing, and the service continues")
    func hostile() async throws {
        let (stream, packets) = try campus(2)
        let (tracks, reply) = try await withService { client in
            // The same noise on each run (MMIX by Knuth).
            var state: UInt64 = 20_261_126
            func byte() -> UInt8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            let noise = (0..<50).map { number in
                Guardian_V1_VideoPacket.with {
                    $0.payload = Data((0..<2000).map { _ in byte() })
                    $0.pts = Int64(number) * 9000
                    $0.keyframe = number % 10 == 0
                    $0.sequence = UInt64(number)
                }
            }
            let tracks = try await client.watch { writer in
                try await writer.write(.with { $0.start.stream = stream })
                for packet in noise { try await writer.write(.with { $0.packets.packets = [packet] }) }
            } onResponse: { response in
                var tracks = 0
                for try await reply in response.messages {
                    tracks += reply.observations.reduce(0) { $0 + $1.tracks.count }
                }
                return tracks
            }
            let reply = try await client.snapshot { writer in
                try await writer.write(
                    .with {
                        $0.start.stream = stream
                        $0.start.mediaTime = .max
                    })
                try await writer.write(.with { $0.packets.packets = packets })
            }
            return (tracks, reply)
        }
        #expect(tracks == 0)
        #expect(reply.jpeg.starts(with: [0xFF, 0xD8, 0xFF]))
    }
}
