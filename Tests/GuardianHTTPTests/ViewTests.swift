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

    @Test("an archived clip and picture have every member of their shapes")
    func archived() throws {
        let event = try event()
        let (id, camera) = (try #require(ClipID("0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2c")), event.camera)
        let time = Timestamp(milliseconds: 1_790_000_000_123)
        let part = ArchivedPart(
            number: 1, status: .uploading, isInterrupted: false, size: 12, sha256: nil, bucket: nil, objectKey: nil,
            keyIDs: ["AAAAAAAAAAA"], startedAt: time, storedAt: nil,
            checkpoint: .init(plaintextLength: 9, at: time, signed: [1, 2, 3]))
        let clip = ArchivedClip(
            id: id, camera: camera, startedAt: time, duration: nil, status: .uploading, reason: nil, isHeld: true,
            contentType: "video/mp4", events: [event.id], pictures: [], parts: [part, part])
        let shown = try object(ArchivedClipView(clip))
        #expect(
            Set(shown.keys) == [
                "clipId", "camera", "cameraId", "startedAt", "duration", "status", "reason", "size", "held",
                "contentType", "events", "pictures", "parts",
            ])
        #expect(shown["size"] as? Int == 24 && shown["held"] as? Bool == true && shown["camera"] is NSNull)
        #expect(shown["startedAt"] as? String == "2026-09-21T14:13:20.123Z")
        let file = try #require((shown["parts"] as? [[String: Any]])?.first)
        #expect(
            Set(file.keys) == [
                "part", "status", "interrupted", "size", "sha256", "objectKey", "bucket", "keyIds", "startedAt",
                "storedAt", "checkpoint",
            ])
        #expect(file["part"] as? Int == 1 && file["sha256"] is NSNull)
        #expect((file["checkpoint"] as? [String: Any])?["signed"] as? String == "AQID")
        let alias = try #require(CameraAlias("front"))
        let picture = ArchivedPictureView(
            ArchivedPicture(
                event: event.id, camera: camera, startedAt: time, status: .stored, reason: "r", contentType: nil,
                clips: [id], file: part)
        ).named(by: CameraNames([camera: alias]))
        let sealed = try object(picture)
        #expect(
            Set(sealed.keys) == [
                "eventId", "camera", "cameraId", "startedAt", "status", "reason", "contentType", "clips", "file",
            ])
        #expect(sealed["camera"] as? String == "front" && sealed["clips"] as? [String] == [id.description])
    }

    @Test("an archive's usage has every member of its shape")
    func usage() throws {
        let camera = try event().camera
        let level = ArchiveReport.Level(bytes: 1, objects: 2, byteLimit: nil, objectLimit: 3, isNearlyFull: true)
        let shown = try object(
            ArchiveUsageView(
                ArchiveReport(
                    all: level, cameras: [.init(id: camera, level: level)], whenFull: .removeOldest, days: nil,
                    heldClips: 4, heldBytes: 5, refused: .init(clips: 6, reason: nil), problems: ["a"], notes: [])))
        #expect(
            Set(shown.keys) == [
                "all", "cameras", "whenFull", "days", "heldClips", "heldBytes", "refused", "problems", "notes",
            ])
        #expect(shown["whenFull"] as? String == "removeOldest" && shown["days"] is NSNull)
        let all = try #require(shown["all"] as? [String: Any])
        #expect(Set(all.keys) == ["bytes", "objects", "byteLimit", "objectLimit", "nearlyFull"])
        #expect(all["byteLimit"] is NSNull && all["objectLimit"] as? Int == 3)
        let first = try #require((shown["cameras"] as? [[String: Any]])?.first)
        #expect(first["cameraId"] as? String == camera.description && first["camera"] is NSNull)
    }

    @Test("a page without a next one says null")
    func page() throws {
        let object = try object(PageView(items: ["a"]))
        #expect(object["nextCursor"] is NSNull)
    }
}
