import Crypto
import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("A verification")
struct VerifierTests {
    private let folder = TemporaryFolder()
    private let key: DeviceKey
    private var path: String { folder.path("j.sqlite") }

    init() throws { key = try DeviceKey.open(path: folder.path("device.key")) }

    /// Writes and closes a journal with events, clips with their files, and gaps.
    private func write() async throws -> (chain: ChainID, clip: Clip) {
        let journal = try Journal(path: path, key: key)
        var clip = Sample.clip()
        clip.sha256 = .sha256(of: [1, 2, 3])
        try Data([1, 2, 3]).write(to: folder.url.appending(path: "\(clip.id).mp4"))
        for number in 0..<10 {
            let event = Sample.event(Int64(number), clips: [clip.id])
            try await journal.append(
                [
                    .eventOpened(event, Sample.judgement), .eventUpdated(event),
                    .eventClosed(event.changed { $0.state = .closed }),
                ], at: Sample.start)
        }
        try await journal.append([.clipClosed(clip)], at: Sample.start)
        let chain = journal.chain
        try journal.close()
        return (chain, clip)
    }

    private func tamper(_ sql: String, _ arguments: StatementArguments = []) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    private func verify(beside report: EdgeReport? = nil) throws -> JournalVerification {
        let folder = folder
        return try JournalVerifier(
            path: path, place: .edge, deviceKey: key.publicKey, clipFile: { folder.path("\($0.id).mp4") }
        ).verify(beside: report)
    }

    private func report(
        _ chain: ChainID, highest: Int64, hash: Hash256?, gaps: [SequenceRange] = []
    ) -> EdgeReport {
        EdgeReport(
            deviceKey: key.publicKey.text, fingerprint: key.publicKey.fingerprint, connected: false, lastSeenAt: nil,
            chains: [
                ChainReport(
                    chain: chain, verifiedThrough: highest, highest: highest, highestHash: hash, claimed: highest,
                    missingTail: 0, gaps: gaps, brokenAt: nil, forks: [], rejected: 0, lastRejection: nil)
            ])
    }

    @Test("finds nothing in a complete journal, and reports what it checked")
    func whole() async throws {
        _ = try await write()
        let result = try verify()
        #expect(result.findings.isEmpty, "\(result.findings)")
        #expect(result.entries == 31)
        #expect(result.events == 10)
        #expect(result.clips == 1)
        #expect(result.files == 1)
    }

    @Test("finds any bit flipped in a payload or signature, and names the entry", arguments: ["payload", "signature"])
    func flippedBit(column: String) async throws {
        _ = try await write()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { database in
            var bytes = try #require(
                try Data.fetchOne(database, sql: "SELECT \(column) FROM entries WHERE sequence = 7"))
            bytes[bytes.count / 2] ^= 4
            try database.execute(sql: "UPDATE entries SET \(column) = ? WHERE sequence = 7", arguments: [bytes])
        }
        try queue.close()
        let findings = try verify().findings
        #expect(findings.contains { $0.what.contains("Entry 7 was changed") && $0.where.hasSuffix("entry 7") })
    }

    @Test("finds a bit flipped in the file itself")
    func flippedFileBit() async throws {
        _ = try await write()
        var bytes = try Data(contentsOf: URL(filePath: path))
        let needle = Data(#""kind":"event_updated""#.utf8)
        let place = try #require(bytes.range(of: needle))
        bytes[place.lowerBound + 12] ^= 1
        try bytes.write(to: URL(filePath: path))
        #expect(try verify().findings.contains { $0.what.contains("was changed") })
    }

    @Test("finds an entry that was removed")
    func removed() async throws {
        _ = try await write()
        try tamper("DELETE FROM entries WHERE sequence = 5")
        #expect(try verify().findings.contains { $0.what == "Entry 5 is missing." && $0.severity == .error })
    }

    @Test("finds two entries that changed places")
    func reordered() async throws {
        _ = try await write()
        try tamper("UPDATE entries SET sequence = 1000 WHERE sequence = 4")
        try tamper("UPDATE entries SET sequence = 4 WHERE sequence = 6")
        try tamper("UPDATE entries SET sequence = 6 WHERE sequence = 1000")
        let findings = try verify().findings
        #expect(findings.contains { $0.what.contains("Entry 4 is out of its place") })
        #expect(findings.contains { $0.what.contains("Entry 6 is out of its place") })
    }

    @Test("finds an entry that the device signed for another position in its chain")
    func relinked() async throws {
        let (chain, _) = try await write()
        let other = try Journal(path: folder.path("other.sqlite"), key: key)
        try await other.append([.eventUpdated(Sample.event()), .eventUpdated(Sample.event(1))], at: Sample.start)
        let foreign = try #require(try await other.entries(after: 1, limit: 1).first)
        try tamper(
            "UPDATE entries SET payload = ?, signature = ? WHERE sequence = 2",
            [Data(foreign.payload), Data(foreign.signature)])
        #expect(try verify().findings.contains { $0.what.contains("entry 2 of chain \(foreign.chain)") })
        #expect(foreign.chain != chain)
    }

    @Test("finds an entry that names another predecessor, though the device signed it")
    func otherPredecessor() async throws {
        _ = try await write()
        let queue = try DatabaseQueue(path: path)
        // The last one: no other entry names its hash.
        let bytes = try await queue.read {
            try Data.fetchOne($0, sql: "SELECT payload FROM entries WHERE sequence = 31")
        }
        try queue.close()
        let payload = String(decoding: try #require(bytes), as: UTF8.self)
        let previous = try #require(payload.firstMatch(of: /"previous":"([0-9a-f]{64})"/)).output.1
        let forged = Array(payload.replacing(previous, with: String(repeating: "0", count: 64)).utf8)
        let text = try Data(contentsOf: folder.url.appending(path: "device.key"))
        let raw = try #require(Data(base64Encoded: text, options: .ignoreUnknownCharacters))
        let signature = try Curve25519.Signing.PrivateKey(rawRepresentation: raw)
            .signature(for: Array("guardian/journal/v1\0".utf8) + forged)
        try tamper(
            "UPDATE entries SET payload = ?, signature = ? WHERE sequence = 31", [Data(forged), signature])
        let findings = try verify().findings
        #expect(findings.contains { $0.what.contains("Entry 31 does not follow the entry before it") }, "\(findings)")
        #expect(!findings.contains { $0.what.contains("signature is invalid") })
    }

    @Test("finds a cut tail by the lists that name more, and with the node's report even when they were cut too")
    func cutTail() async throws {
        let (chain, _) = try await write()
        let node = report(chain, highest: 31, hash: nil)
        try tamper("DELETE FROM entries WHERE sequence > 20")
        #expect(try verify().findings.contains { $0.what.contains("The list") })
        let queue = try DatabaseQueue(path: path)
        try await queue.write { database in
            // A careful thief would also restore the lists to their state after entry 20, and empty the outbox.
            try database.execute(sql: "DELETE FROM events WHERE sequence > 20; DELETE FROM clips; DELETE FROM outbox")
            for row in try Row.fetchAll(database, sql: "SELECT position, chain, sequence, subject FROM entries") {
                try database.execute(
                    sql: """
                        INSERT INTO events (id, device, chain, sequence, position, camera, label, state, started_at)
                        VALUES (?, 1, ?, ?, ?, x'00', 'person', 'open', 0)
                        ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, position = excluded.position
                        """,
                    arguments: [
                        row["subject"] as UUID, chain.uuid, row["sequence"] as Int64, row["position"] as Int64,
                    ])
            }
        }
        try queue.close()
        #expect(try verify().findings.isEmpty, "a shorter chain is whole in itself")
        let findings = try verify(beside: node).findings
        #expect(findings.contains { $0.what == "The end was cut: the node has entries up to 31, here they end at 20." })
    }

    @Test("finds that the node has another entry, or lacks one that is not in the outbox")
    func besideTheNode() async throws {
        let (chain, _) = try await write()
        let wrong = report(chain, highest: 31, hash: .sha256(of: [0]))
        #expect(try verify(beside: wrong).findings.contains { $0.what.contains("is not the one that the node has") })
        let queue = try DatabaseQueue(path: path)
        let newest = try await queue.read {
            try Data.fetchOne($0, sql: "SELECT payload FROM entries WHERE sequence = 31")
        }
        try queue.close()
        let hash = Hash256.sha256(of: Array(try #require(newest)))
        let gap = report(chain, highest: 31, hash: hash, gaps: [SequenceRange(first: 3, last: 4)])
        #expect(try verify(beside: gap).findings.isEmpty, "everything still waits in the outbox")
        try tamper("DELETE FROM outbox WHERE position = 4")
        #expect(try verify(beside: gap).findings.contains { $0.what.contains("The node lacks entry 4") })
    }

    @Test("finds a clip's file missing, changed, or of another size, and names it")
    func clipFiles() async throws {
        let (_, clip) = try await write()
        let file = URL(filePath: folder.path("\(clip.id).mp4"))
        try Data([1, 2, 4]).write(to: file)
        #expect(try verify().findings.contains { $0.what.contains("was changed") && $0.where == file.path })
        try Data([1, 2]).write(to: file)
        #expect(try verify().findings.contains { $0.what.contains("has 2 bytes and should have 3") })
        try FileManager.default.removeItem(at: file)
        #expect(try verify().findings.contains { $0.what == "The file of clip \(clip.id) is missing." })
        let journal = try Journal(path: path, key: key)
        try await journal.append([.tombstone(Tombstone(subject: .clip(clip.id), reason: .expired))], at: Sample.start)
        try journal.close()
        #expect(try verify().findings.isEmpty, "what was deleted on the record is not missing")
    }

    @Test("finds a list that differs from the entries")
    func lists() async throws {
        _ = try await write()
        try tamper("DELETE FROM events WHERE sequence = 3")
        try tamper("UPDATE events SET position = 1 WHERE sequence = 6")
        let findings = try verify().findings
        #expect(findings.contains { $0.what.contains("but the list does not") })
        #expect(findings.contains { $0.what.contains("as of entry 6") })
    }

    @Test("reports what the node rejected, and why")
    func refused() async throws {
        _ = try await write()
        let journal = try Journal(path: path, key: key)
        let items = try await journal.outbox.next(1, excluding: [])
        try await journal.outbox.refuse(items.map { ($0, "it was forged") }, at: Sample.start)
        try journal.close()
        #expect(try verify().findings.map(\.what) == ["The node refused entry 31: it was forged"])
    }

    @Test("finds that the device key is not the journal's")
    func otherKey() async throws {
        _ = try await write()
        let result = try JournalVerifier(path: path, place: .edge, deviceKey: DeviceKey().publicKey).verify()
        #expect(result.findings.contains { $0.what.contains("another device key") })
    }

    @Test("finds a database that cannot be read")
    func unreadable() async throws {
        _ = try await write()
        try Data(repeating: 3, count: 8_192).write(to: URL(filePath: path))
        #expect(try verify().findings.contains { $0.what.contains("cannot be read") })
    }
}
