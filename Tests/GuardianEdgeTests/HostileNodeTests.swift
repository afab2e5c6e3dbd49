import Foundation
import GuardianCore
import GuardianEdge
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Testing

/// What a node answers: it may be somebody else's, and may have been taken over.
@Suite("Every answer of a node")
struct HostileNodeTests {
    private let count = HostileInput.count()
    private let folder = TemporaryFolder()

    @Test("about a part is refused, or has a length that can be computed with")
    func parts() throws {
        var input = HostileInput(seed: 51)
        var accepted = 0
        for _ in 0..<count {
            let reply = Guardian_V1_StoreReply.with { reply in
                switch Int.random(in: 0..<4, using: &input) {
                case 0: reply.durable = input.integer()
                case 1:
                    reply.receipt.objectKey = input.text(["a/b"])
                    (reply.receipt.size, reply.receipt.storedAt) = (input.integer(), input.integer())
                case 2: reply.interruption.size = input.integer()
                default:
                    reply.refusal.detail = input.text(["Over quota."])
                    reply.refusal.reason = .init(rawValue: Int(input.integer(Int32.self))) ?? .invalid
                }
            }
            let bytes: [UInt8] = try reply.serializedBytes()
            let sent = input.chance(2) ? input.changed(bytes) : bytes
            guard let decoded = try? Guardian_V1_StoreReply(serializedBytes: sent),
                let answer = try? StoreAnswer(decoded)
            else { continue }
            accepted += 1
            switch answer {
            case .durable(let size), .interrupted(let size): #expect(Plausible.fileSize.contains(size))
            case .stored(let key, let size, _):
                #expect(Plausible.fileSize.contains(size) && key.utf8.count <= 1_024)
            case .refused(let reason, _): #expect(reason.utf8.count <= PeerText.limit)
            }
        }
        #expect(accepted > 0 && accepted < count)
        for size: UInt64 in [.max, UInt64(Int64.max), (1 << 44) + 1] {
            #expect(throws: GuardianError.self) { try StoreAnswer(.with { $0.durable = size }) }
        }
    }

    @Test("with a sealed file becomes a length and an entity tag, and no other header")
    func files() throws {
        var input = HostileInput(seed: 52)
        for _ in 0..<count {
            let reply = Guardian_V1_FetchReply.with {
                $0.size = input.integer()
                $0.etag = input.text(["\"abc\"", "\"", "\"\"", "W/\"abc\"", "\"a\"\r\nSet-Cookie: b=\"c\""])
            }
            guard let head = try? FetchHead(reply) else { continue }
            #expect(Plausible.fileSize.contains(head.size) && head.etag.map { $0 == "\"abc\"" } ?? true)
        }
    }

    @Test(
        "is not needed for the heartbeat: a damaged one counts as of its last change, and none as a clean end",
        arguments: ["", "soon", "9223372036854775807", "-5", String(repeating: "9", count: 5_000), "\u{FFFD}"])
    func heartbeat(text: String) throws {
        let path = folder.path("alive")
        #expect(Heartbeat.last(path: path) == nil)
        try Data(text.utf8).write(to: URL(filePath: path))
        var times = [timeval(tv_sec: 1_790_000_000, tv_usec: 0), timeval(tv_sec: 1_790_000_000, tv_usec: 0)]
        try #require(utimes(path, &times) == 0)
        #expect(Heartbeat.last(path: path) == Timestamp(milliseconds: 1_790_000_000_000))
        try Data("1790000000123\n".utf8).write(to: URL(filePath: path))
        #expect(Heartbeat.last(path: path) == Timestamp(milliseconds: 1_790_000_000_123))
    }
}
