import Foundation
import GuardianArchive
import GuardianCore
import GuardianNode
import GuardianTestKit
import Synchronization
import Testing

@Suite("The spool")
struct SpoolSerialTests {
    private var fixture: ArchiveFixture

    init() throws { fixture = try ArchiveFixture() }

    @Test("is rid at start of files that a crash left, and of no other")
    func sweep() async throws {
        let (growing, stored) = (try SealedSample(fixture), try SealedSample(fixture))
        try await fixture.run { edge in
            _ = try await edge.upload(stored)
            try await edge.stream(of: growing) { stream in
                _ = try await stream.durable()
                try await stream.send(growing.messages[0])
                _ = try await stream.durable()
            }
        }
        let other = fixture.spool.appending(path: "notes.txt")
        for file in [fixture.spoolFile(of: stored.clip), fixture.spoolFile(of: .v7(at: Sample.start)), other] {
            try Data("left".utf8).write(to: file)
        }
        try await fixture.run { edge in
            #expect(fixture.spooled().map(\.lastPathComponent) == ["clip-\(growing.clip)-0.grdn"])
            let reply = try await edge.upload(growing)
            #expect(reply.receipt.size == UInt64(growing.file.count))
        }
        #expect(FileManager.default.fileExists(atPath: other.path))
        #expect(fixture.spooled().isEmpty)
    }

    @Test("takes no more parts when the disk is almost full, says why, and the journal goes on")
    func floor() async throws {
        let free = Mutex<Int64?>(200)
        var small = fixture
        // A twentieth of it stays free.
        small.diskRoom = { _ in free.withLock { $0 }.map { DiskRoom(free: $0, capacity: 2_000) } }
        let fixture = small
        let (begun, new) = (try SealedSample(fixture), try SealedSample(fixture))
        let key = fixture.node.key
        try await fixture.run { edge in
            try await edge.stream(of: begun) { stream in
                _ = try await stream.durable()
                try await stream.send(begun.messages[0])
                _ = try await stream.durable()
            }
            free.withLock { $0 = 99 }
            let refusal = try await edge.stream(of: new) { try await $0.answer() }.refusal
            #expect(refusal.reason == .quota && refusal.detail.contains("almost full"))
            #expect(try await edge.refusal(of: begun) { _ in }.code == .resourceExhausted)
            #expect(try await edge.scope.archiveReport().problems.count == 1)
            let entries = try await fixture.node.journal().append([.eventUpdated(Sample.event())], at: Sample.start)
            #expect(try await edge.scope.cache.accept(entries, from: key.publicKey).allSatisfy(\.isStored))
            // A disk whose space cannot be read is not a full one.
            free.withLock { $0 = nil }
            #expect(try await edge.upload(begun).receipt.size == UInt64(begun.file.count))
            free.withLock { $0 = 100 }
            #expect(try await edge.upload(new).receipt.size == UInt64(new.file.count))
            #expect(try await edge.scope.archiveReport().problems == [])
        }
        #expect(fixture.log.count("almost full: no parts are accepted") == 1)
        #expect(fixture.log.count("has room again") == 1)
    }
}
