import Foundation
import GuardianCore
import GuardianHTTP
import Testing

@Suite("Shapes")
struct ViewTests {
    private func event() throws -> Event {
        Event(
            id: try #require(EventID("0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b")),
            camera: try #require(CameraID("8a1f4f0e-0c52-4ad3-9b0b-6b3b8a4c1a11")), label: .person, state: .open,
            confidence: 0.87654321, box: Box(x: 0.1, y: 0.2, width: 0.3, height: 1.0 / 3),
            startedAt: Timestamp(milliseconds: 1_790_000_000_123), endedAt: Timestamp(milliseconds: 1_790_000_002_000),
            path: [PathPoint(offset: 0, box: Box(x: 0, y: 0.25, width: 0.5, height: 1))])
    }

    private func object(_ value: some Encodable) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(buffer: try JSON.encode(value)))
        return try #require(json as? [String: Any])
    }

    @Test("an event has every member of its shape, null where there is nothing")
    func eventMembers() throws {
        let view = EventView(
            try event(), camera: "front", clips: [:],
            delivery: DeliveryView(state: .waiting, attempts: 0, acknowledgedAt: nil, firstAcknowledgedAt: nil),
            servesFiles: true)
        let object = try object(view)
        #expect(
            Set(object.keys) == [
                "id", "camera", "cameraId", "label", "state", "confidence", "box", "startedAt", "endedAt", "path",
                "snapshot", "clips", "delivery", "archive", "kept", "previous", "next",
            ])
        #expect(object["snapshot"] is NSNull)
        #expect(object["next"] is NSNull)
        #expect(object["startedAt"] as? String == "2026-09-21T14:13:20.123Z")
        #expect(object["confidence"] as? Double == 0.877)
        #expect((object["path"] as? [[Double]]) == [[0, 0, 0.25, 0.5, 1]])
        let delivery = try #require(object["delivery"] as? [String: Any])
        #expect(delivery["acknowledgedAt"] is NSNull)
        #expect(delivery["state"] as? String == "waiting")
        let archive = try #require(object["archive"] as? [String: Any])
        #expect(archive["state"] as? String == "off")
        #expect(archive["objectKey"] is NSNull)
        let box = try #require(object["box"] as? [String: Double])
        #expect(box == ["x": 0.1, "y": 0.2, "width": 0.3, "height": 0.33333])
    }

    @Test("a clip says where it is and where in it the event is")
    func clipMembers() throws {
        var event = try event()
        let id = try #require(ClipID("0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2c"))
        event.clips = [ClipSpan(clip: id, from: 5000, to: 9000, preRollShort: false)]
        event.snapshot = Snapshot(
            sha256: try #require(Hash256(bytes: [UInt8](repeating: 1, count: 32))), width: 1920, height: 1080,
            at: event.startedAt)
        let clip = Clip(
            id: id, camera: event.camera, state: .recording, startedAt: event.startedAt, duration: 9000, size: 12345,
            sha256: nil, contentType: "video/mp4; codecs=\"avc1.64001f\"", missingPackets: 0)
        let delivery = DeliveryView(
            state: .delivered, attempts: 1, acknowledgedAt: event.endedAt, firstAcknowledgedAt: event.startedAt)
        let view = EventView(event, camera: "front", clips: [id: clip], delivery: delivery, servesFiles: true)
        let shown = try #require((try object(view)["clips"] as? [[String: Any]])?.first)
        #expect(shown["url"] as? String == "/api/v1/clips/\(id).mp4")
        #expect(shown["from"] as? Int == 5000)
        #expect(shown["sha256"] is NSNull)
        let again = try JSONDecoder().decode(EventView.self, from: Data(buffer: try JSON.encode(view)))
        #expect(again.clips.first?.id == id)
        #expect(again.snapshot?.url == "/api/v1/events/\(event.id)/snapshot.jpg")
        let remote = EventView(event, camera: "x", clips: [id: clip], delivery: delivery, servesFiles: false)
        #expect(remote.snapshot?.url == nil)
        #expect(remote.clips.first?.url == nil)
    }

    @Test("a page without a next one says null")
    func page() throws {
        let object = try object(PageView(items: ["a"]))
        #expect(object["nextCursor"] is NSNull)
    }
}
