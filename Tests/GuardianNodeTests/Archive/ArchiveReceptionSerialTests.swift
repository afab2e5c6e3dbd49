import Crypto
import Foundation
import GuardianArchive
import GuardianCore
import GuardianWire
import GuardianTestKit
import Testing

@Suite("ArchiveService.Store")
struct ArchiveReceptionSerialTests {
    private let kit: ArchiveKit
    /// Two whole segments, so that a checkpoint can follow them.
    private let plaintext = [UInt8](repeating: 7, count: 4040 + 4080)

    init() throws { kit = try ArchiveKit() }

    @Test("acknowledges every message, and gives a receipt of what the store has")
    func stores() async throws {
        let clip = try kit.seal(plaintext)
        try await kit.withNode { port, tenants in
            let replies = try await kit.store(clip.requests + [.end(clip.bytes.count)], port: port)
            #expect(replies.dropLast().map(\.durable) == [0, UInt64(clip.messages[0].count), UInt64(clip.bytes.count)])
            let receipt = try #require(replies.last?.receipt)
            #expect(receipt.objectKey == "clips/\(clip.clip)/0.grdn")
            #expect(receipt.sha256 == Data(SHA256.hash(data: clip.bytes)))
            #expect(!receipt.interrupted)
            // Asked again, the node answers the same and stores nothing.
            let again = try await kit.store([clip.hello], port: port)
            #expect(again.map(\.receipt) == [receipt])
        }
    }

    @Test("continues where a broken stream ended")
    func resumes() async throws {
        let clip = try kit.seal(plaintext)
        try await kit.withNode { port, _ in
            _ = try await kit.store(Array(clip.requests.prefix(2)), port: port, replies: 2)
            let first = clip.messages[0].count
            let replies = try await kit.store(
                [clip.hello, .bytes(clip.messages[1], at: first), .end(clip.bytes.count)], port: port)
            #expect(replies.first?.durable == UInt64(first))
            #expect(replies.last?.receipt.sha256 == Data(SHA256.hash(data: clip.bytes)))
        }
    }

    @Test("refuses what is sealed for another clip, part or camera than the stream says")
    func foreignParts() async throws {
        let clip = try kit.seal(plaintext)
        let others = [
            try kit.seal(plaintext, clip: .v7(at: Sample.start)),
            try kit.seal(plaintext, clip: clip.clip, part: 1, after: clip.bind),
            try kit.seal(plaintext, clip: clip.clip, camera: CameraID(UUID())),
        ]
        try await kit.withNode { port, _ in
            for other in others {
                let replies = try await kit.store([clip.hello, .bytes(other.messages[0], at: 0)], port: port)
                #expect(replies.last?.refusal.reason == .invalid)
            }
            let nonsense = try await kit.store(
                [clip.hello, .bytes([UInt8](repeating: 1, count: 9000), at: 0)], port: port)
            #expect(nonsense.last?.refusal.reason == .invalid)
            // None of this prevents the correct clip from being stored.
            #expect(try await kit.send(clip, port: port).receipt.size == UInt64(clip.bytes.count))
        }
    }

    @Test("accepts from a device only what it sealed, and lets no other device continue it")
    func devices() async throws {
        let stranger = Curve25519.Signing.PrivateKey()
        try kit.node.issueEdge(for: ArchiveKit.fingerprint(stranger), name: "stranger")
        let files = CredentialFiles(folder: kit.node.folder.url.path, name: "stranger")
        let (mine, theirs) = (try kit.seal(plaintext), try kit.seal(plaintext, by: stranger))
        try await kit.withNode { port, _ in
            let forged = try await kit.store([theirs.hello, .bytes(theirs.messages[0], at: 0)], port: port)
            #expect(forged.last?.refusal.reason == .invalid)
            _ = try await kit.store(Array(mine.requests.prefix(2)), port: port, replies: 2)
            // The journal that says whose it is may still arrive.
            let replies = try await kit.store([mine.hello], port: port, files: files)
            #expect(replies.last?.refusal.reason == .quota)
        }
    }

    @Test("accepts bytes only where the part ends, and its end only at its size")
    func offsets() async throws {
        let clip = try kit.seal(plaintext)
        let first = clip.messages[0].count
        try await kit.withNode { port, _ in
            for offset in [0, first - 1, first + 1, .max] {
                let error = await #expect(throws: GuardianError.self) {
                    try await kit.store(
                        Array(clip.requests.prefix(2)) + [.bytes(clip.messages[1], at: offset)], port: port)
                }
                #expect(error?.code == .outOfRange)
            }
            for size in [0, first - 1, clip.bytes.count] {
                let error = await #expect(throws: GuardianError.self) {
                    try await kit.store([clip.hello, .end(size)], port: port)
                }
                #expect(error?.code == .outOfRange)
            }
            let rest = try await kit.store(
                [clip.hello, .bytes(clip.messages[1], at: first), .end(clip.bytes.count)], port: port)
            #expect(rest.last?.receipt.sha256 == Data(SHA256.hash(data: clip.bytes)))
        }
    }

    @Test("keeps no checkpoint that is not the device's, not this part's, or ahead of its bytes")
    func checkpoints() async throws {
        let clip = try kit.seal(plaintext)
        let good = try #require(clip.checkpoint).bytes
        let forged = good.indices.map { $0 == 60 ? good[$0] ^ 1 : good[$0] }
        let other = try #require(try kit.seal(plaintext).checkpoint).bytes
        try await kit.withNode { port, tenants in
            _ = try await kit.store(Array(clip.requests.prefix(2)), port: port, replies: 2)
            for lie in [forged, other] {
                let replies = try await kit.store([clip.hello, .checkpoint(lie)], port: port)
                #expect(replies.last?.refusal.reason == .invalid)
            }
            // Only one of two segments has arrived.
            let ahead = try kit.seal(plaintext)
            let statement = try #require(ahead.checkpoint).bytes
            let short = Array(ahead.messages[0].dropLast(4096))
            let early = try await kit.store(
                [ahead.hello, .bytes(short, at: 0), .checkpoint(statement)], port: port)
            #expect(early.last?.refusal.reason == .invalid)
            let error = await #expect(throws: GuardianError.self) {
                try await kit.store([ahead.hello, .checkpoint([1, 2, 3])], port: port)
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test("ends a part without messages at its whole segments, marked as interrupted")
    func silence() async throws {
        let clip = try kit.seal(plaintext)
        let clock = TestClock()
        try await kit.withNode(monotonic: clock) { port, _ in
            // A stream that ends in the middle of its second segment.
            let cut = Array(clip.messages[0].dropLast(100))
            _ = try await kit.store([clip.hello, .bytes(cut, at: 0)], port: port, replies: 2)
            let whole = clip.messages[0].count - 4096
            try await eventually("the part is stored as far as it is whole", advancing: clock, by: .seconds(60)) {
                let item = try await kit.list(clip.clip, port: port)
                return item.status == .interrupted && item.parts.first?.size == Int64(whole)
            }
        }
    }
}
