import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A clip whose file goes while it is archived")
struct MovedClipSerialTests {
    private let fixture: ArchiveFixture
    private let edge: SealingEdge
    private let stream: StreamDescription
    private let packets: [Packet]

    init() throws {
        fixture = try ArchiveFixture()
        edge = try SealingEdge(fixture)
        let footage = try Footage()
        (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 8))
    }

    /// Records half of a clip, waits until the node has a beginning of it, and records the rest, of which the archive does not
    /// know yet.
    private func record() async throws -> (clip: Clip, event: Event, url: URL) {
        let clip = Sample.clip()
        let url = edge.store.urlForRecording(clip.id, camera: clip.camera)
        let file = try ClipFile(creating: url, stream: stream, first: try #require(packets.first))
        for packet in packets.prefix(packets.count / 2).dropFirst() { try file.append(packet) }
        edge.store.note(clip.id, length: file.size)
        var event = Sample.event(0, clips: [clip.id])
        event.snapshot = nil
        try await edge.journal.append([.clipOpened(clip), .eventOpened(event, Sample.judgement)], at: Sample.start)
        try await eventually("the node has a beginning") { try await fixture.rows().contains { $0.size > 0 } }
        for packet in packets.dropFirst(packets.count / 2) { try file.append(packet) }
        _ = try file.close()
        return (clip, event, url)
    }

    /// Tells the archive that the clip is complete.
    private func close(_ clip: Clip, _ event: Event) async throws {
        edge.store.noteClosed(clip.id)
        var event = event
        event.state = .closed
        try await edge.journal.append([.clipClosed(clip), .eventClosed(event)], at: Sample.start)
    }

    @Test("is continued from its new path when it moves back to the clips' disk")
    func moved() async throws {
        try await fixture.run { node in
            try await edge.run(port: node.port) {
                let (clip, event, emergency) = try await record()
                #expect(!emergency.path.hasPrefix(edge.folder.clips), "the clips' disk is away")
                for place in edge.places { await place.check() }
                try await edge.store.returnEmergencyClips { _ in false }
                #expect(!FileManager.default.fileExists(atPath: emergency.path))
                try await close(clip, event)
                try await eventually("the rest is stored too") {
                    try await edge.ledger("SELECT state FROM clips") == ["stored"]
                }
                #expect(try await fixture.rows().map(\.state) == ["stored", "stored"])
                #expect(fixture.log.count("clip cannot be archived") == 0)
            }
        }
    }

    @Test("is given up when it is deleted, with what the node has of it")
    func deleted() async throws {
        var hasty = fixture
        hasty.timings.silence = .seconds(1)
        try await hasty.run { node in
            try await edge.run(port: node.port) {
                for place in edge.places { await place.check() }
                let (clip, event, url) = try await record()
                try FileManager.default.removeItem(at: url)
                try await close(clip, event)
                try await eventually("it is given up") {
                    try await edge.ledger("SELECT state FROM clips") == ["interrupted"]
                }
                #expect(try await edge.ledger("SELECT reason FROM clips").first?.contains("not on the disk") == true)
                try await eventually("its beginning is stored") { try await fixture.rows().map(\.state) == ["stored"] }
            }
        }
    }
}
