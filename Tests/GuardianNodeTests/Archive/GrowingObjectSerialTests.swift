import Foundation
import GuardianArchive
import GuardianCore
import GuardianNode
import GuardianTestKit
import Testing

@Suite("Objects that grow at the store")
struct GrowingObjectSerialTests {
    private var fixture: ArchiveFixture

    init() throws { fixture = try ArchiveFixture() }

    /// A clip of 8 MiB in messages of 1 MiB.
    private func long() throws -> SealedSample { try SealedSample(fixture, pieces: 8, segments: 256) }

    private func send(_ sample: SealedSample, through count: Int, _ edge: EdgeSide) async throws {
        try await edge.stream(of: sample) { stream in
            let durable = try await stream.durable()
            for message in sample.messages.prefix(count) where message.offset >= durable {
                try await stream.send(message)
                _ = try await stream.durable()
            }
        }
    }

    private func growsAtTheStore() async throws {
        try await eventually("the store has 5 MiB of it") {
            try await fixture.number("SELECT max(shipped) FROM parts") >= 5 << 20
        }
    }

    @Test("most of a long clip is there before it ends; it goes on after a restart and appears once, whole")
    func grows() async throws {
        let sample = try long()
        try await fixture.run { edge in
            try await send(sample, through: 6, edge)
            try await growsAtTheStore()
            #expect(try await fixture.stored().isEmpty)
            #expect(fixture.unfinished().count == 1)
        }
        let reply = try await fixture.run { try await $0.upload(sample) }
        #expect(reply.receipt.size == UInt64(sample.file.count))
        #expect(try await fixture.stored() == [sample.name: sample.file])
        #expect(try await fixture.rows().first?.sha256 == Hash256.sha256(of: sample.file).bytes)
        #expect(fixture.unfinished().isEmpty)
        #expect(fixture.spooled().isEmpty)
    }

    @Test("a store that was down meanwhile gets all of it, and an upload that it lost begins anew")
    func lost() async throws {
        let sample = try long()
        try await fixture.run { edge in
            try await send(sample, through: 6, edge)
            try await growsAtTheStore()
        }
        for file in fixture.unfinished() { try FileManager.default.removeItem(at: file) }
        fixture.objects.isDown = true
        try await fixture.run { edge in
            try await send(sample, through: 8, edge)
            fixture.objects.isDown = false
            #expect(try await edge.upload(sample).receipt.size == UInt64(sample.file.count))
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }

    @Test("an upload that fails again and again, though the store answers, begins anew")
    func hopeless() async throws {
        let sample = try long()
        fixture.objects.brokenUploads = 2
        let reply = try await fixture.run { try await $0.upload(sample) }
        #expect(reply.receipt.size == UInt64(sample.file.count))
        #expect(try await fixture.stored() == [sample.name: sample.file])
        #expect(fixture.unfinished().isEmpty)
    }

    @Test("the upload of a part that is refused is removed")
    func refused() async throws {
        var fixture = fixture
        fixture.quota.all.bytes = 7 << 20
        let tight = fixture
        let sample = try long()
        try await tight.run { edge in
            try await edge.stream(of: sample) { stream in
                _ = try await stream.durable()
                for message in sample.messages.prefix(6) {
                    try await stream.send(message)
                    _ = try await stream.durable()
                }
                try await growsAtTheStore()
                try await stream.send(sample.messages[6])
                #expect(try await stream.answer().refusal.reason == .quota)
            }
            try await eventually("its upload is aborted") { tight.unfinished().isEmpty }
            try await eventually("and forgotten") {
                try await tight.number("SELECT count(*) FROM abandoned_uploads") == 0
            }
        }
        #expect(tight.spooled().isEmpty)
        #expect(try await tight.stored().isEmpty)
    }
}
