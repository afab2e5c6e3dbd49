import Crypto
import Foundation
import GuardianCore
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("A payload")
struct PayloadTests {
    private let folder = TemporaryFolder()

    private func journal() throws -> Journal { try Journal(path: folder.path("j.sqlite"), key: DeviceKey()) }

    static let bodies: [JournalBody] = [
        .eventOpened(Sample.event(clips: [.v7(at: Sample.start)]), Sample.judgement),
        .eventUpdated(Sample.event().changed { $0.snapshot = nil }),
        .eventClosed(Sample.event(state: .interrupted).changed { $0.path = [] }),
        .clipOpened(Sample.clip(state: .recording)),
        .clipClosed(Sample.clip()),
        .clipClosed(Sample.clip(kind: .continuous)),
        .coverage(
            Coverage(change: .cameraLost, camera: Sample.front, at: Sample.start, reason: "no \"route\"\n\u{1}ü")),
        .coverage(Coverage(change: .started, camera: nil, at: Sample.start)),
        .tombstone(Tombstone(subject: .clip(.v7(at: Sample.start)), reason: .expired, sha256: .sha256(of: [4]))),
        .tombstone(Tombstone(subject: .snapshot(.v7(at: Sample.start)), reason: .erased)),
        .tombstone(Tombstone(subject: .clip(.v7(at: Sample.start)), reason: .expired, cause: .age)),
    ]

    @Test("is the same after writing and reading", arguments: bodies)
    func roundTrip(body: JournalBody) async throws {
        let journal = try journal()
        let entry = try #require(try await journal.append([body], at: Sample.start).first)
        let content = try entry.content()
        #expect(content.body == body)
        #expect(content.chain == journal.chain)
        #expect(content.sequence == 1)
        #expect(content.previous == nil)
        #expect(content.at == Sample.start)
    }

    @Test("is JSON of integers, strings, arrays and objects that any reader understands", arguments: bodies)
    func plainJSON(body: JournalBody) async throws {
        let entry = try #require(try await journal().append([body], at: Sample.start).first)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(entry.payload)) as? [String: Any])
        #expect(object["kind"] as? String == body.kind)
        #expect(object["previous"] as? String == "")
        let text = String(decoding: entry.payload, as: UTF8.self)
        #expect(!text.contains("null") && !text.contains("true") && !text.contains("false"))
        #expect(!text.contains(#/[0-9]\.[0-9]+[,\]}]/#), "no floats")
        #expect(!text.contains(Sample.front.uuid.uuidString), "UUIDs stand in lower case")
    }

    @Test("is signed over the journal's domain, a zero byte and its bytes")
    func signature() async throws {
        let journal = try journal()
        let entry = try #require(try await journal.append([Self.bodies[0]], at: Sample.start).first)
        let key = try Curve25519.Signing.PublicKey(rawRepresentation: journal.deviceKey.bytes)
        let signed = Array("guardian/journal/v1".utf8) + [0] + entry.payload
        #expect(key.isValidSignature(entry.signature, for: signed))
        #expect(entry.isSigned(by: journal.deviceKey))
        #expect(!entry.isSigned(by: DeviceKey().publicKey))
        var changed = entry.payload
        changed[20] ^= 1
        let forged = JournalEntry(
            chain: entry.chain, sequence: entry.sequence, payload: changed, signature: entry.signature)
        #expect(!forged.isSigned(by: journal.deviceKey))
    }

    @Test("names the hash of the payload before it")
    func chain() async throws {
        let entries = try await journal().append(Self.bodies, at: Sample.start)
        for (before, after) in zip(entries, entries.dropFirst()) {
            #expect(try after.content().previous == .sha256(of: before.payload))
            #expect(after.sequence == before.sequence + 1)
        }
    }

    @Test(
        "that is not the journal's JSON is refused",
        arguments: [
            "", "{", "[]", "{\"chain\":1}", "{\"a\":1,\"a\":1}", "{\"a\":1.5}", "{\"a\":null}", "{\"a\":true}",
            "{ \"a\":1}",
            "{\"a\":01}", "{\"a\":-0}", "{\"a\":9223372036854775808}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\u{1}\"}",
            "{\"a\":1}x", String(repeating: "[", count: 100_000), "{\"a\":\"\\x\"}", "{\"a\":1e3}", "{\"a\":\"b}",
        ])
    func strictness(text: String) {
        let entry = JournalEntry(
            chain: .v7(at: Sample.start), sequence: 1, payload: Array(text.utf8), signature: [])
        let error = #expect(throws: GuardianError.self) { try entry.content() }
        #expect(error?.code == .invalidArgument)
    }

    @Test("with any single bit flipped causes no crash, and is never accepted")
    func bitFlips() async throws {
        let journal = try journal()
        let entry = try #require(try await journal.append([Self.bodies[0]], at: Sample.start).first)
        for bit in stride(from: 0, to: entry.payload.count * 8, by: 7) {
            var payload = entry.payload
            payload[bit / 8] ^= 1 << UInt8(bit % 8)
            let flipped = JournalEntry(
                chain: entry.chain, sequence: 1, payload: payload, signature: entry.signature)
            _ = try? flipped.content()
            #expect(!flipped.isSigned(by: journal.deviceKey))
        }
    }

    @Test("of a sealed clip says what the archive must have, and has no hash where it was lost")
    func sealedClip() async throws {
        let parts = [
            SealedClip.Part(
                number: 0, bind: .sha256(of: [1]), isComplete: false, plaintextLength: 8_120, lastingLength: 9_000,
                lastingHash: .sha256(of: [2])),
            SealedClip.Part(
                number: 1, bind: .sha256(of: [3]), isComplete: true, plaintextLength: 100, lastingLength: 700,
                lastingHash: nil),
        ]
        let body = JournalBody.clipSealed(SealedClip(clip: .v7(at: Sample.start), camera: Sample.front, parts: parts))
        let folder = TemporaryFolder()
        let journal = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey())
        let entry = try #require(try await journal.append([body], at: Sample.start).first)
        #expect(try entry.content().body == body)
        #expect(String(decoding: entry.payload, as: UTF8.self).components(separatedBy: "lastingHash").count == 2)
        try journal.close()
    }

    @Test("of a kind from a later version is stored, and not shown")
    func unknownKind() throws {
        let text =
            #"{"chain":"0192d3f0-0000-7000-8000-000000000000","sequence":1,"previous":"","kind":"clip_framed","at":5,"body":{}}"#
        let entry = JournalEntry(
            chain: .v7(at: Sample.start), sequence: 1, payload: Array(text.utf8), signature: [])
        #expect(try entry.content().body == .unknown(kind: "clip_framed"))
    }
}
