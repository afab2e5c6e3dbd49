import Foundation
import GuardianCore
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Testing

@Suite("The archive on the wire")
struct ArchiveWireTests {
    private let camera = Sample.front
    private let start = Sample.start

    private func part(_ number: Int, stored: Bool = true) -> ArchivedPart {
        ArchivedPart(
            number: number, status: stored ? .stored : .uploading, isInterrupted: false, size: 1 << 40,
            sha256: stored ? Hash256(digest: [UInt8](repeating: 1, count: 32)) : nil, bucket: stored ? "guardian" : nil,
            objectKey: stored ? "clips/é/\(number).grdn" : nil,
            keyIDs: [Base64URL.encode([UInt8](repeating: 7, count: 8))], startedAt: start,
            storedAt: stored ? start + 5 : nil,
            checkpoint: stored
                ? .init(plaintextLength: 9, at: start + 1, signed: [UInt8](repeating: 3, count: 144)) : nil)
    }

    private func clip(_ offset: Int64 = 0, parts: Int = 2) -> ArchivedClip {
        let event = EventID.v7(at: start)
        return ArchivedClip(
            id: .v7(at: start + offset), camera: camera, startedAt: start + offset, duration: offset == 0 ? nil : 9_000,
            status: .uploading, reason: "The store does not answer.", isHeld: true, contentType: "video/mp4",
            events: [event, .v7(at: start)], pictures: [event],
            parts: (0..<parts).map { part($0, stored: $0 < parts - 1) })
    }

    private func picture() -> ArchivedPicture {
        ArchivedPicture(
            event: .v7(at: start), camera: camera, startedAt: start, status: .stored, reason: nil, contentType: nil,
            clips: [.v7(at: start)], file: part(0))
    }

    private var report: ArchiveReport {
        let level = ArchiveReport.Level(bytes: 7, objects: 2, byteLimit: .max, objectLimit: nil, isNearlyFull: true)
        return ArchiveReport(
            all: level, cameras: [.init(id: camera, level: level)], whenFull: .removeOldest, days: 30, heldClips: 1,
            heldBytes: 3, refused: .init(clips: 2, reason: "Full."), problems: ["a"], notes: ["b", "c"])
    }

    @Test("arrives as it was sent")
    func roundTrip() throws {
        let clips = ArchivePage(items: [clip(), clip(60_000, parts: 1), clip(1, parts: 0)], nextCursor: "next")
        let sent: [UInt8] = try Guardian_V1_ArchivePage(clips).serializedBytes()
        #expect(try Guardian_V1_ArchivePage.bounded.deserialize(sent).checkedClips() == clips)
        let pictures = ArchivePage(items: [picture()])
        let shown: [UInt8] = try Guardian_V1_ArchivePage(pictures).serializedBytes()
        #expect(try Guardian_V1_ArchivePage.bounded.deserialize(shown).checkedPictures() == pictures)
        let bytes: [UInt8] = try Guardian_V1_ArchiveReport(report).serializedBytes()
        #expect(try ArchiveReport(try Guardian_V1_ArchiveReport.bounded.deserialize(bytes)) == report)
        for status in ArchiveStatus.allCases { #expect(Guardian_V1_ArchiveStatus(status).status == status) }
    }

    @Test("is asked for with the same query")
    func queries() throws {
        let query = ArchiveQuery(
            cameras: [camera], from: start, to: start + 1, status: .interrupted, event: .v7(at: start))
        for query in [query, ArchiveQuery()] {
            let clips = Guardian_V1_ArchiveQuery(query, of: .clip, limit: 7, cursor: "a")
            #expect(try clips.checkedRequest() == .clips(query, limit: 7, cursor: "a"))
            let pictures = Guardian_V1_ArchiveQuery(query, of: .snapshot, limit: 200, cursor: nil)
            #expect(try pictures.checkedRequest() == .pictures(query, limit: 200, cursor: nil))
        }
        #expect(try Guardian_V1_ArchiveQuery().checkedRequest() == .clips(ArchiveQuery(), limit: 50, cursor: nil))
        let id = ClipID.v7(at: start)
        #expect(try Guardian_V1_ArchiveQuery.with { $0.clip = id.description }.checkedRequest() == .clip(id))
    }

    @Test("ends a page before its message becomes too large, and says where the next one begins")
    func largePage() throws {
        let large = ArchivePage(items: (0..<200).map { clip(Int64($0), parts: 60) }, nextCursor: "next")
        let message = try Guardian_V1_ArchivePage(large)
        let bytes: [UInt8] = try message.serializedBytes()
        #expect(bytes.count < WireLimits.message)
        let page = try Guardian_V1_ArchivePage.bounded.deserialize(bytes).checkedClips()
        #expect(page.items.count < 200 && page.items == Array(large.items.prefix(page.items.count)))
        #expect(page.nextCursor == page.items.last?.id.description)
        // Few bytes, but many messages.
        let small = ArchivePage(
            items: (0..<Int64(200)).map { number in
                var clip = clip(number, parts: 0)
                clip.parts = Array(repeating: part(0, stored: false), count: 100)
                return clip
            })
        let most: [UInt8] = try Guardian_V1_ArchivePage(small).serializedBytes()
        #expect(try Guardian_V1_ArchivePage.bounded.deserialize(most).checkedClips().items.count < 200)
        // A clip of any number of parts is a page of its own.
        let long = ArchivePage(items: [clip(0, parts: 1_000), clip(1)])
        #expect(try Guardian_V1_ArchivePage(long).checkedClips().items.first?.parts.count == 1_000)
        var most10k = clip(0, parts: 0)
        most10k.parts = Array(repeating: part(9_999), count: 10_001)
        let longest: [UInt8] = try Guardian_V1_ArchivePage(ArchivePage(items: [most10k])).serializedBytes()
        #expect(try Guardian_V1_ArchivePage.bounded.deserialize(longest).checkedClip().parts.count == 10_000)
    }

    @Test("is shortened by an honest node where a recorder chose the length")
    func shortened() throws {
        var long = clip()
        long.reason = String(repeating: "é", count: 5_000)
        long.contentType = String(repeating: "a", count: 16_000)
        long.events = Array(repeating: .v7(at: start), count: 5_000)
        long.startedAt = ClipID(UUID(uuid: (255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))).time
        long.parts[0].checkpoint?.plaintextLength = .max
        let clip = try Guardian_V1_ArchivePage(ArchivePage(items: [long])).checkedClip()
        #expect(clip.reason?.utf8.count == ArchiveLimits.text && clip.contentType == nil)
        #expect(clip.events.count == ArchiveLimits.shown && clip.startedAt == Timestamp.expressible.upperBound)
        #expect(clip.parts.count == 2 && clip.parts[0].checkpoint == nil)
    }

    @Test("of a node that answers with JSON is no archive without clips")
    func older() throws {
        let json = Data(#"{"items":[],"nextCursor":null}"#.utf8)
        let bytes = [0x0A, UInt8(json.count)] + json
        let page = try Guardian_V1_ArchivePage.bounded.deserialize(bytes)
        let report = try Guardian_V1_ArchiveReport.bounded.deserialize(bytes)
        for read in [
            { _ = try page.checkedClips() }, { _ = try page.checkedPictures() }, { _ = try page.checkedClip() },
            { _ = try ArchiveReport(report) },
        ] as [() throws -> Void] {
            let error = #expect(throws: GuardianError.self) { try read() }
            #expect(error?.code == .unimplemented && error?.message.contains("update") == true)
        }
    }
}
