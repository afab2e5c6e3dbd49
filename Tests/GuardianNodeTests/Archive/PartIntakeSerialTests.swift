import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianWire
import GuardianTestKit
import Testing

@Suite("ArchiveService.Store")
struct PartIntakeSerialTests {
    private let fixture: ArchiveFixture

    init() throws { fixture = try ArchiveFixture() }

    @Test("acknowledges each message when it is durable, and answers with a receipt when the object is stored")
    func stores() async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { edge in
            let receipt = try await edge.stream(of: sample) { stream in
                #expect(try await stream.durable() == 0)
                for (message, checkpoint) in zip(sample.messages, sample.checkpoints) {
                    try await stream.send(message)
                    #expect(try await stream.durable() == message.offset + message.bytes.count)
                    let file = try Data(contentsOf: fixture.spoolFile(of: sample.clip))
                    #expect(file.count == message.offset + message.bytes.count)
                    try await stream.send(checkpoint)
                }
                try await stream.send(try #require(sample.messages.last))
                #expect(try await stream.durable() == sample.file.count)
                try await stream.end(sample.file.count)
                return try await stream.answer().receipt
            }
            #expect(receipt.objectKey == sample.name)
            #expect(receipt.bucket == "guardian")
            #expect(receipt.size == UInt64(sample.file.count))
            #expect(Array(receipt.sha256) == Hash256.sha256(of: sample.file).bytes)
            #expect(!receipt.interrupted)
            #expect(receipt.storedAt > 0)
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
        #expect(fixture.spooled().isEmpty)
        let row = try #require(try await fixture.rows().first)
        #expect(row.state == "stored")
        #expect(row.checkpoint == sample.checkpoints.last?.bytes)
        #expect(row.sha256 == Hash256.sha256(of: sample.file).bytes)
    }

    @Test("continues at the durable byte after a cut after any message, and stores one object")
    func breaks() async throws {
        let sample = try SealedSample(fixture, pieces: 4)
        try await fixture.run { edge in
            for message in sample.messages {
                try await edge.stream(of: sample) { stream in
                    #expect(try await stream.durable() == message.offset)
                    try await stream.send(message)
                    #expect(try await stream.durable() == message.offset + message.bytes.count)
                }
            }
            let reply = try await edge.upload(sample)
            #expect(reply.receipt.size == UInt64(sample.file.count))
            // An edge that missed the answer asks again and gets the same one.
            #expect(try await edge.upload(sample) == reply)
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }

    @Test("continues after the node restarted, whatever the spool had after the acknowledged bytes")
    func restarts() async throws {
        let sample = try SealedSample(fixture)
        for message in sample.messages {
            try await fixture.run { edge in
                try await edge.stream(of: sample) { stream in
                    #expect(try await stream.durable() == message.offset)
                    try await stream.send(message)
                    #expect(try await stream.durable() == message.offset + message.bytes.count)
                }
            }
            // A node that crashed between writing the file and the table.
            let handle = try FileHandle(forWritingTo: fixture.spoolFile(of: sample.clip))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(repeating: 0xEE, count: 5_000))
            try handle.close()
        }
        let reply = try await fixture.run { try await $0.upload(sample) }
        #expect(reply.receipt.size == UInt64(sample.file.count))
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }

    @Test("refuses bytes that do not continue where the part ends, no bytes and too many")
    func offsets() async throws {
        let sample = try SealedSample(fixture)
        let first = try #require(sample.messages.first)
        try await fixture.run { edge in
            for offset in [1, 4_096, Int.max] {
                #expect(try await edge.refusal(of: sample) { try await $0.send(first, at: offset) }.code == .outOfRange)
            }
            let empty = SealedSample.Message(offset: 0, bytes: [])
            #expect(try await edge.refusal(of: sample) { try await $0.send(empty) }.code == .outOfRange)
            let large = SealedSample.Message(offset: 0, bytes: first.bytes + [UInt8](repeating: 0, count: 2 << 20))
            #expect(try await edge.refusal(of: sample) { try await $0.send(large) }.code == .outOfRange)
            let short = try await edge.refusal(of: sample) { stream in
                _ = try await stream.durable()
                try await stream.send(first)
                _ = try await stream.durable()
                try await stream.end(first.bytes.count + 1)
            }
            #expect(short.code == .outOfRange)
            #expect(try await edge.upload(sample).receipt.size == UInt64(sample.file.count))
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }

    @Test("refuses for good what is not sealed, or sealed for another device, camera, clip or part")
    func foreign() async throws {
        let camera = CameraID(UUID())
        let good = try SealedSample(fixture)
        let stranger = try SealedSample(fixture, signer: ArchiveFixture.signer(DeviceKey()))
        let elsewhere = try SealedSample(fixture, camera: camera)
        var noise = try SealedSample(fixture)
        noise.messages[0].bytes = [UInt8](repeating: 7, count: 4_096)
        var changed = try SealedSample(fixture)
        changed.messages[0].bytes[40] ^= 1
        var other = try SealedSample(fixture)
        other.messages = good.messages
        let cases: [(SealedSample, CameraID)] = [
            (stranger, Sample.front), (elsewhere, Sample.front), (noise, Sample.front), (changed, Sample.front),
            (other, Sample.front),
        ]
        try await fixture.run { edge in
            for (sample, camera) in cases {
                let reply = try await edge.upload(sample, camera: camera)
                #expect(reply.refusal.reason == .invalid, "\(reply)")
                #expect(!reply.refusal.detail.isEmpty)
            }
            let reply = try await edge.stream(of: good, part: 1) { try await $0.upload(good) }
            #expect(reply.refusal.reason == .invalid)
        }
        #expect(try await fixture.stored().isEmpty)
        #expect(fixture.spooled().isEmpty)
    }

    @Test("refuses to continue a part for another device, or for the same device with another camera")
    func taken() async throws {
        let sample = try SealedSample(fixture)
        let key = DeviceKey()
        try fixture.node.issueEdge(for: key.publicKey.fingerprint, name: "other")
        try await fixture.run { edge in
            let other = EdgeSide(
                port: edge.port, credentials: CredentialFiles(folder: fixture.node.folder.url.path, name: "other"),
                scope: edge.scope)
            let reply = try await edge.stream(of: sample) { stream in
                _ = try await stream.durable()
                try await stream.send(sample.messages[0])
                _ = try await stream.durable()
                #expect(try await other.greeting(of: sample).refusal.reason == .quota)
                #expect(try await edge.greeting(of: sample, camera: Sample.yard).refusal.reason == .invalid)
                // The stream goes on: what is refused takes nothing over.
                for message in sample.messages.dropFirst() {
                    try await stream.send(message)
                    _ = try await stream.durable()
                }
                try await stream.end(sample.file.count)
                return try await stream.settlement()
            }
            #expect(reply.receipt.size == UInt64(sample.file.count))
            #expect(try await other.greeting(of: sample, part: 1).refusal.reason == .quota)
        }
        #expect(try await fixture.rows().count == 1)
    }

    @Test("lets nobody keep a clip's parts from the device whose journal has the clip")
    func squatted() async throws {
        let sample = try SealedSample(fixture)
        let key = DeviceKey()
        try fixture.node.issueEdge(for: key.publicKey.fingerprint, name: "other")
        let squatter = try SealedSample(fixture, clip: sample.clip, signer: ArchiveFixture.signer(key))
        try await fixture.run { edge in
            let other = EdgeSide(
                port: edge.port, credentials: CredentialFiles(folder: fixture.node.folder.url.path, name: "other"),
                scope: edge.scope)
            let code = try await other.refusal(of: squatter) { stream in
                _ = try await stream.durable()
                try await stream.send(squatter.messages[0])
                _ = try await stream.durable()
                var clip = Sample.clip()
                clip.id = sample.clip
                let entries = try await fixture.node.journal().append([.clipOpened(clip)], at: Sample.start)
                _ = try await edge.scope.cache.accept(entries, from: fixture.node.key.publicKey)
                #expect(try await edge.upload(sample).receipt.size == UInt64(sample.file.count))
                try await stream.send(squatter.messages[1])
            }.code
            #expect(code == .aborted)
            // The journal says whose the clip is: for good.
            #expect(try await other.greeting(of: sample).refusal.reason == .invalid)
            #expect(try await other.greeting(of: sample, part: 7).refusal.reason == .invalid)
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
        #expect(fixture.log.count("part of another device's clip removed") == 1)
    }

    @Test("refuses a checkpoint of another device, of another part, or for bytes that did not arrive")
    func checkpoints() async throws {
        let lies: [(String, (SealedSample) throws -> Checkpoint)] = [
            ("another part's", { _ in try #require(try SealedSample(fixture).checkpoints.first) }),
            ("of what did not come", { try #require($0.checkpoints.dropFirst().first) }),
            (
                "changed",
                { sample in
                    var bytes = try #require(sample.checkpoints.first).bytes
                    bytes[45] ^= 1
                    return try Checkpoint(bytes: bytes)
                }
            ),
        ]
        for (what, lie) in lies {
            let sample = try SealedSample(fixture)
            let (checkpoint, first) = (try lie(sample), try #require(sample.messages.first))
            try await fixture.run { edge in
                let reply = try await edge.stream(of: sample) { stream in
                    _ = try await stream.durable()
                    try await stream.send(first)
                    _ = try await stream.durable()
                    try await stream.send(checkpoint)
                    return try await stream.answer()
                }
                #expect(reply.refusal.reason == .invalid, "\(what)")
            }
            let rows = try await fixture.rows()
            #expect(rows.allSatisfy { $0.checkpoint == nil })
        }
    }

    @Test("lets a second stream take over a part; the first is told at its next message")
    func takenOver() async throws {
        let sample = try SealedSample(fixture)
        let (first, second) = (sample.messages[0], sample.messages[1])
        try await fixture.run { edge in
            let code = try await edge.refusal(of: sample) { stream in
                _ = try await stream.durable()
                try await stream.send(first)
                _ = try await stream.durable()
                #expect(try await edge.upload(sample).receipt.size == UInt64(sample.file.count))
                try await stream.send(second)
            }.code
            #expect(code == .aborted)
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }
}
