import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A clip that moves back to the clips' disk")
struct MovedClipSerialTests {
    @Test("while it is archived is continued from its new path")
    func continued() async throws {
        let fixture = try ArchiveFixture()
        let edge = try SealingEdge(fixture)
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 8))
        let first = try #require(packets.first)
        try await fixture.run { node in
            try await edge.run(port: node.port) {
                let clip = Sample.clip()
                let emergency = edge.store.urlForRecording(clip.id, camera: clip.camera)
                #expect(!emergency.path.hasPrefix(edge.folder.clips), "the clips' disk is away")
                let file = try ClipFile(creating: emergency, stream: stream, first: first)
                for packet in packets.prefix(packets.count / 2).dropFirst() { try file.append(packet) }
                edge.store.note(clip.id, length: file.size)
                var event = Sample.event(0, clips: [clip.id])
                event.snapshot = nil
                try await edge.journal.append(
                    [.clipOpened(clip), .eventOpened(event, Sample.judgement)], at: Sample.start)
                try await eventually("the node has a beginning") {
                    try await fixture.rows().contains { $0.size > 0 }
                }
                for packet in packets.dropFirst(packets.count / 2) { try file.append(packet) }
                _ = try file.close()
                for place in edge.places { await place.check() }
                try await edge.store.returnEmergencyClips { _ in false }
                #expect(!FileManager.default.fileExists(atPath: emergency.path))
                // Only now is there more to read, by a path at which the file is no longer.
                edge.store.noteClosed(clip.id)
                event.state = .closed
                try await edge.journal.append([.clipClosed(clip), .eventClosed(event)], at: Sample.start)
                try await eventually("the rest is stored too") {
                    try await edge.ledger("SELECT state FROM clips") == ["stored"]
                }
                let parts = try await fixture.rows().map(\.state)
                #expect(parts == ["stored", "stored"])
                #expect(fixture.log.count("clip cannot be archived") == 0)
            }
        }
    }
}
