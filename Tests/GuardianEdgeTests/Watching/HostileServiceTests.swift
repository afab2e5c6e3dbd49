import Foundation
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianTestKit
import GuardianVision
import GuardianWire
import SwiftProtobuf
import Testing

/// The AI service decodes what cameras send, and may be compromised: any message of its may come.
@Suite("Every message of the AI service")
struct HostileServiceTests {
    private let count = HostileInput.count()

    @Test("is refused, or its observations can be made into events, clips and JSON")
    func observations() throws {
        var input = HostileInput(seed: 11)
        var anchor = StreamAnchor()
        anchor.begin(mediaTime: 0, arrival: Sample.start, elapsed: 0)
        var engine = EventEngine(camera: Sample.front)
        var timeline = ClipTimeline()
        timeline.open(.v7(at: Sample.start), start: 0)
        let encoder = JSONEncoder()
        var accepted = 0
        for _ in 0..<count {
            let genuine = Self.reply(&input)
            let bytes: [UInt8] = try genuine.serializedBytes()
            let sent = input.chance(2) ? input.changed(bytes) : bytes
            guard let reply = try? Guardian_V1_WatchReply(serializedBytes: sent),
                let observations = try? reply.checkedObservations()
            else { continue }
            accepted += 1
            for observation in observations {
                let time = anchor.timestamp(ofMediaTime: observation.mediaTime)
                for change in engine.update(observation, at: time) {
                    let report = change.report
                    timeline.begin(report.event.id)
                    var event = report.event
                    event.clips = timeline.spans(of: event.id, from: report.firstSight, to: report.lastSight)
                    _ = try encoder.encode(
                        EventView(
                            event, camera: "front", clips: [:],
                            delivery: DeliveryView(
                                state: .waiting, attempts: 0, acknowledgedAt: nil, firstAcknowledgedAt: nil),
                            servesFiles: true))
                }
            }
        }
        _ = engine.closeAll()
        #expect(accepted > 0 && accepted < count)
    }

    private static func reply(_ input: inout HostileInput) -> Guardian_V1_WatchReply {
        .with { reply in
            reply.attention = .init(rawValue: Int(input.integer(Int32.self))) ?? .quiet
            (reply.latency, reply.dropped) = (input.integer(), input.integer())
            reply.observations = (0..<Int.random(in: 0..<4, using: &input)).map { _ in
                .with { look in
                    look.mediaTime = input.integer()
                    look.motion = input.chance(3) ? input.double() : 0.5
                    look.detected = input.chance(2)
                    look.tracks = (0..<Int.random(in: 0..<3, using: &input)).map { _ in
                        .with { track in
                            track.track = input.chance(3) ? input.integer() : 1
                            track.label = input.chance(6) ? input.text(["person", "car"]) : "person"
                            track.confidence = input.chance(6) ? input.double() : 0.9
                            track.seen = !input.chance(5)
                            let isOdd = input.chance(5)
                            track.box.x = isOdd ? input.double() : 0.25
                            track.box.y = isOdd ? input.double() : 0.25
                            track.box.width = isOdd ? input.double() : 0.5
                            track.box.height = isOdd ? input.double() : 0.5
                        }
                    }
                }
            }
        }
    }

    @Test("on its health becomes numbers that JSON has, and metrics of its own only")
    func health() throws {
        var input = HostileInput(seed: 12)
        let encoder = JSONEncoder()
        for _ in 0..<count {
            let reply = Guardian_V1_HealthReply.with {
                $0.ready = input.chance(2)
                $0.reason = input.text(["The model is being loaded."])
                ($0.watches, $0.queue, $0.looks, $0.dropped) = (
                    input.integer(), input.integer(), input.integer(), input.integer()
                )
                ($0.latencyP50, $0.latencyP99) = (input.double(), input.double())
                $0.model.name = input.text(["person"])
                $0.model.sha256 = input.text([Hash256.sha256(of: [1]).hex])
                $0.exposition = input.text([
                    "guardian_ai_queue 3\n", "guardian_ai_queue{a=\"b\"} +Inf\n", "guardian_ai_up 1\n", "other 1\n",
                    "# TYPE guardian_ai_queue gauge\n", "guardian_ai_queue three\n", "guardian_ai_queue",
                ])
            }
            let bytes: [UInt8] = try reply.serializedBytes()
            guard let decoded = try? Guardian_V1_HealthReply(serializedBytes: input.changed(bytes)) else { continue }
            for wire in [reply, decoded] {
                let health = ServiceHealth(wire)
                #expect(health.reason.utf8.count <= PeerText.limit && !health.reason.contains("\n"))
                if let latency = health.latency { _ = try encoder.encode([latency.p50, latency.p99]) }
                #expect(health.queue >= 0)
            }
        }
    }

    @Test(
        "on its metrics is passed on if every line is a metric of its own",
        arguments: [
            ("# HELP guardian_ai_queue Calls.\n# TYPE guardian_ai_queue gauge\nguardian_ai_queue 3\n", true),
            ("guardian_ai_look_seconds_bucket{le=\"+Inf\"} 3\n", true), ("", true),
            ("guardian_ai_up 1\n", false), ("guardian_ai_restarts 0\n", false), ("guardian_disk_full 0\n", false),
            ("guardian_ai_queue\n", false), ("guardian_ai_queue three\n", false),
            ("guardian_ai_queue 3\r\nguardian_disk_full 1\n", false),
        ])
    func metrics(text: String, isTaken: Bool) {
        #expect(ServiceHealth(.with { $0.exposition = text }).exposition == (isTaken ? text : ""))
    }

    @Test("on a picture is refused unless it is a picture of about the wanted time")
    func pictures() throws {
        var input = HostileInput(seed: 13)
        for _ in 0..<count {
            let wanted = MediaTime(milliseconds: input.integer())
            let reply = Guardian_V1_SnapshotReply.with {
                $0.jpeg = Data(input.chance(3) ? input.bytes(4) : [0xFF, 0xD8, 0xFF, 0])
                ($0.width, $0.height) = (input.integer(), input.integer())
                $0.mediaTime = input.chance(2) ? wanted.milliseconds : input.integer()
            }
            guard let picture = try? SnapshotClient.Picture(reply, wanted: wanted) else { continue }
            #expect((picture.mediaTime - wanted).magnitude <= .seconds(600) && picture.width > 0 && picture.height > 0)
        }
        let reply = Guardian_V1_SnapshotReply.picture(at: 4_321)
        #expect(try SnapshotClient.Picture(reply, wanted: 4_000).mediaTime == 4_321)
        #expect(throws: GuardianError.self) { try SnapshotClient.Picture(reply, wanted: 4_000_000) }
    }

    @Test("for a person is cut to what the journal takes")
    func texts() {
        #expect(PeerText.bounded("a\u{0}b\r\nc") == "a b  c")
        #expect(PeerText.bounded(String(repeating: "ü", count: 900)).utf8.count == PeerText.limit)
        #expect(PeerText.bounded("€€€", to: 7) == "€€")
    }
}
