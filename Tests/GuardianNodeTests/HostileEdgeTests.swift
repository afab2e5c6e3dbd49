import Crypto
import Foundation
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Testing

/// What edges send to a node: each is identified by its certificate, and none is trusted.
@Suite("Every message of an edge")
struct HostileEdgeTests {
    private let count = HostileInput.count()
    private let folder = TemporaryFolder()

    @Test("is refused, or names chains and sequences that can be counted on")
    func messages() throws {
        var input = HostileInput(seed: 41)
        var accepted = 0
        for _ in 0..<count {
            let request = Guardian_V1_PublishRequest.with { request in
                let chain = input.text([ChainID.v7(at: Sample.start).description])
                if input.chance(2) {
                    request.hello.deviceKey = Data(input.bytes(32))
                    request.hello.chains = [
                        .with {
                            ($0.chain, $0.sequence) = (chain, input.integer())
                            $0.hash = Data(input.bytes(input.chance(3) ? 0 : 32))
                        }
                    ]
                } else {
                    request.entries.entries = [
                        .with {
                            ($0.chain, $0.sequence) = (chain, input.integer())
                            ($0.payload, $0.signature) = (Data(input.bytes(9)), Data(input.bytes(64)))
                        }
                    ]
                }
            }
            let bytes: [UInt8] = try request.serializedBytes()
            let sent = input.chance(2) ? input.changed(bytes) : bytes
            guard let decoded = try? Guardian_V1_PublishRequest(serializedBytes: sent) else { continue }
            switch decoded.kind {
            case .hello(let hello):
                guard let heads = try? hello.heads() else { continue }
                accepted += heads.count
                #expect(heads.allSatisfy { Plausible.sequence.contains($0.sequence) })
            case .entries(let batch):
                guard let entries = try? batch.journalEntries() else { continue }
                accepted += entries.count
                #expect(entries.allSatisfy { $0.sequence >= 1 && Plausible.sequence.contains($0.sequence) })
            case .alive, nil: continue
            }
        }
        #expect(accepted > 0)
    }

    @Test("that asks for the archive is refused, or asks for something")
    func queries() throws {
        var input = HostileInput(seed: 42)
        var accepted = 0
        let id = ClipID.v7(at: Sample.start).description
        for _ in 0..<count {
            let query = Guardian_V1_ArchiveQuery.with {
                if input.chance(4) { ($0.clip, $0.event) = (input.text(["", id]), input.text(["", id])) }
                $0.kind = .init(rawValue: Int.random(in: 0...3, using: &input)) ?? .clip
                ($0.cameras, $0.ofEvent) = ([input.text(["", id])], input.text(["", id]))
                if input.chance(2) { $0.from = input.integer() }
                if input.chance(2) { $0.to = input.integer() }
                $0.status = .init(rawValue: Int.random(in: 0...7, using: &input)) ?? .stored
                ($0.limit, $0.cursor) = (input.chance(2) ? input.integer() : 50, input.text(["", id]))
            }
            let bytes: [UInt8] = try query.serializedBytes()
            let sent = input.chance(2) ? input.changed(bytes) : bytes
            guard let decoded = try? Guardian_V1_ArchiveQuery(serializedBytes: sent),
                let request = try? decoded.checkedRequest()
            else { continue }
            accepted += 1
            switch request {
            case .clip, .picture: continue
            case .clips(let query, let limit, let cursor), .pictures(let query, let limit, let cursor):
                #expect((1...200).contains(limit) && (cursor ?? "").utf8.count <= ArchiveLimits.cursor)
                #expect(query.from?.isPlausible != false && query.to?.isPlausible != false)
            }
        }
        #expect(accepted > 0)
    }

    @Test(
        "is refused with its reason when it names an absurd time, and the events page is made as before",
        arguments: ["9223372036854775807", "-9223372036854775808", "-62167219200001", "253402300800000"])
    func absurdTime(time: String) async throws {
        let key = try DeviceKey.open(path: folder.path("device.key"))
        let text = try Data(contentsOf: URL(filePath: folder.path("device.key")))
        let raw = try #require(Data(base64Encoded: text, options: .ignoreUnknownCharacters))
        let signer = try Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        let journal = try Journal(path: folder.path("edge.sqlite"), key: key)
        let genuine = try await journal.append(
            (0..<3).map { .eventClosed(Sample.event($0 * 1_000, state: .closed)) }, at: Sample.start)
        try journal.close()
        let cache = try EventCache(path: folder.path("node.sqlite"))
        let changed = try genuine.map { entry -> JournalEntry in
            guard entry.sequence == 2 else { return entry }
            let payload = Array(
                String(decoding: entry.payload, as: UTF8.self)
                    .replacing(/"startedAt":[0-9]+/, with: "\"startedAt\":\(time)").utf8)
            return JournalEntry(
                chain: entry.chain, sequence: entry.sequence, payload: payload,
                signature: Array(
                    try signer.signature(for: Array("guardian/journal/v1".utf8) + [0] + payload)))
        }
        let verdicts = try await cache.accept(changed, from: key.publicKey)
        #expect(verdicts.map(\.isStored) == [true, false, true])
        guard case .refused(let kind, let reason) = verdicts[1] else { return }
        #expect(kind == .malformed && reason.contains("startedAt"))
        #expect(try await cache.catalogue.events(EventFilter(), limit: 10).items.count == 2)
        try cache.close()
    }
}
