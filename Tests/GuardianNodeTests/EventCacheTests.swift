import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianTestKit
import Testing

@Suite("The event cache")
struct EventCacheTests {
    private let folder = TemporaryFolder()
    private let key = DeviceKey()

    private func cache() throws -> EventCache { try EventCache(path: folder.path("node.sqlite")) }

    /// Returns a journal's entries: `events` events of three entries each.
    private func entries(_ events: Int, key: DeviceKey? = nil) async throws -> [JournalEntry] {
        let journal = try Journal(path: folder.path("\(UUID()).sqlite"), key: key ?? self.key)
        var entries: [JournalEntry] = []
        for number in 0..<events {
            let event = Sample.event(Int64(number) * 10)
            entries += try await journal.append(
                [
                    .eventOpened(event, Sample.judgement), .eventUpdated(event),
                    .eventClosed(event.changed { $0.state = .closed }),
                ], at: Sample.start)
        }
        try journal.close()
        return entries
    }

    private func chain(_ cache: EventCache) async throws -> ChainReport {
        try #require(try await cache.edges(connected: []).first?.chains.first)
    }

    @Test("has the same contents after entries in any order and repeated", arguments: 0..<5)
    func anyOrder(seed: UInt64) async throws {
        let cache = try cache()
        let entries = try await entries(20)
        var generator = Seeded(state: seed)
        var sent = entries + entries.prefix(25)
        sent.shuffle(using: &generator)
        for start in stride(from: 0, to: sent.count, by: 9) {
            let verdicts = try await cache.accept(
                Array(sent[start..<min(start + 9, sent.count)]), from: key.publicKey)
            #expect(verdicts.allSatisfy { $0.isStored })
        }
        let report = try await chain(cache)
        #expect(report.verifiedThrough == 60)
        #expect(report.highest == 60)
        #expect(report.highestHash == entries.last?.hash)
        #expect(report.gaps.isEmpty)
        #expect(report.rejected == 0)
        let page = try await cache.catalogue.events(EventFilter(), limit: 100)
        #expect(page.items.count == 20)
        #expect(page.items.allSatisfy { $0.state == .closed })
        let database = try DatabaseQueue(path: folder.path("node.sqlite"))
        let stored = try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM entries") }
        #expect(stored == 60)
    }

    @Test("keeps everything over a restart")
    func restart() async throws {
        let entries = try await entries(5)
        let first = try cache()
        _ = try await first.accept(Array(entries.prefix(7)), from: key.publicKey)
        try first.close()
        let second = try cache()
        _ = try await second.accept(Array(entries.dropFirst(5)), from: key.publicKey)
        #expect(try await chain(second).verifiedThrough == 15)
        try second.close()
        let verification = try JournalVerifier(path: folder.path("node.sqlite"), place: .node).verify()
        #expect(verification.findings.isEmpty, "\(verification.findings)")
        #expect(verification.entries == 15)
    }

    @Test("reports gaps, and how much of the end the edge has not sent")
    func gaps() async throws {
        let cache = try cache()
        let entries = try await entries(4)
        let claim = ChainHead(chain: entries[0].chain, sequence: 15, hash: .sha256(of: [1]))
        let empty = try await cache.recordHello([claim], from: key.publicKey)
        #expect(empty.map(\.holding) == [ChainHolding(chain: claim.chain, stored: 0, through: 0)])
        _ = try await cache.accept([0, 1, 4, 5, 8, 11].map { entries[$0] }, from: key.publicKey)
        let known = try await cache.recordHello([claim], from: key.publicKey)
        #expect(known.map(\.holding) == [ChainHolding(chain: claim.chain, stored: 6, through: 2)])
        #expect(known.map(\.head.sequence) == [12])
        let report = try await chain(cache)
        #expect(report.verifiedThrough == 2)
        #expect(report.highest == 12)
        #expect(report.missingTail == 3)
        #expect(
            report.gaps
                == [
                    SequenceRange(first: 3, last: 4), SequenceRange(first: 7, last: 8),
                    SequenceRange(first: 10, last: 11),
                ])
        _ = try await cache.accept(entries, from: key.publicKey)
        #expect(try await chain(cache).verifiedThrough == 12)
    }

    @Test("verifies a long chain received newest first, a bounded number of entries at a time")
    func backwards() async throws {
        let cache = try cache()
        let journal = try Journal(path: folder.path("long.sqlite"), key: key)
        let event = Sample.event()
        var entries: [JournalEntry] = []
        for _ in 0..<3 {
            entries += try await journal.append(
                Array(repeating: .eventUpdated(event), count: 900), at: Sample.start)
        }
        for start in stride(from: 0, to: entries.count, by: 300) {
            _ = try await cache.accept(
                Array(entries.reversed()[start..<min(start + 300, entries.count)]), from: key.publicKey)
        }
        while try await cache.verifyMore(of: key.publicKey) {}
        #expect(try await chain(cache).verifiedThrough == 2_700)
    }

    @Test("rejects what the device did not sign, and keeps it as evidence")
    func forged() async throws {
        let cache = try cache()
        let good = try await entries(1)
        let foreign = try await entries(1, key: DeviceKey())
        let changed = JournalEntry(
            chain: good[1].chain, sequence: good[1].sequence, payload: good[1].payload + [32],
            signature: good[1].signature)
        let verdicts = try await cache.accept([good[0], changed, foreign[0]], from: key.publicKey)
        #expect(verdicts[0] == .stored)
        for verdict in verdicts.dropFirst() {
            guard case .refused(let kind, _) = verdict else {
                Issue.record("a forged entry was stored")
                continue
            }
            #expect(kind == .signature)
        }
        let report = try await chain(cache)
        #expect(report.highest == 1)
        #expect(report.rejected == 1)
        #expect(report.lastRejection?.kind == .signature)
        #expect(try await cache.edges(connected: []).count == 1, "a forged entry makes no chain and no device")
    }

    @Test("reports a fork: two signed entries with one number")
    func fork() async throws {
        let cache = try cache()
        let journal = try Journal(path: folder.path("a.sqlite"), key: key)
        var entries = try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
        try journal.close()
        try FileManager.default.copyItem(atPath: folder.path("a.sqlite"), toPath: folder.path("b.sqlite"))
        let original = try Journal(path: folder.path("a.sqlite"), key: key)
        let copy = try Journal(path: folder.path("b.sqlite"), key: key)
        entries += try await original.append([.eventUpdated(Sample.event(1))], at: Sample.start)
        let other = try await copy.append(
            [.eventUpdated(Sample.event(2)), .eventUpdated(Sample.event(3))], at: Sample.start)
        _ = try await cache.accept(entries, from: key.publicKey)
        let verdicts = try await cache.accept(other, from: key.publicKey)
        guard case .refused(.fork, _) = verdicts[0] else {
            Issue.record("a fork was stored")
            return
        }
        let report = try await chain(cache)
        #expect(report.forks == [2])
        #expect(report.brokenAt == 3, "the copy's third entry does not follow the original's second")
        #expect(report.verifiedThrough == 2)
    }

    @Test("records forks, rejections and missing ends so that a verification at rest finds them")
    func doubts() async throws {
        let state = folder.path("state")
        let tenants = try Tenants(folder: "\(state)/tenants")
        let cache = try tenants.localScope().cache
        let good = try await entries(1)
        _ = try await cache.recordHello(
            [ChainHead(chain: good[0].chain, sequence: 5, hash: .sha256(of: []))], from: key.publicKey)
        _ = try await cache.accept(good, from: key.publicKey)
        try tenants.close()
        var findings = try NodeVerification.run(state: state).findings
        #expect(findings.map(\.severity) == [.warning])
        #expect(findings.first?.what == "The edge said that it has entries up to 5; 3 is the last one here.")
        let again = try Tenants(folder: "\(state)/tenants")
        let forged = JournalEntry(
            chain: good[0].chain, sequence: 4, payload: good[0].payload, signature: Array(repeating: 0, count: 64))
        _ = try await again.localScope().cache.accept([forged], from: key.publicKey)
        #expect(try await again.localScope().edges().first?.chains.first?.rejected == 1)
        try again.close()
        findings = try NodeVerification.run(state: state).findings
        #expect(findings.contains { $0.severity == .error && $0.what.contains("1 entries were refused (signature)") })
    }

    @Test("rejects an entry with a wrong envelope, an invalid payload, or another device's chain")
    func envelopes() async throws {
        let cache = try cache()
        let good = try await entries(1)
        let moved = JournalEntry(
            chain: good[0].chain, sequence: 9, payload: good[0].payload, signature: good[0].signature)
        let verdicts = try await cache.accept([moved], from: key.publicKey)
        guard case .refused(.mismatch, _) = verdicts[0] else {
            Issue.record("a moved entry was stored")
            return
        }
        _ = try await cache.accept(good, from: key.publicKey)
        let thief = DeviceKey()
        await #expect(throws: GuardianError.self) {
            try await cache.recordHello(
                [ChainHead(chain: good[0].chain, sequence: 0, hash: nil)], from: thief.publicKey)
        }
    }

    @Test("refuses an entry with a time or a length that no recorder writes, and keeps the others")
    func absurd() async throws {
        let cache = try cache()
        let journal = try Journal(path: folder.path("absurd.sqlite"), key: key)
        let far = Timestamp(milliseconds: .max)
        var clip = Sample.clip()
        clip.duration = .max
        var late = Sample.clip()
        late.startedAt = Timestamp(milliseconds: -1)
        let entries = try await journal.append(
            [
                .eventUpdated(Sample.event()), .eventUpdated(Sample.event(1).changed { $0.startedAt = far }),
                .eventUpdated(Sample.event(2).changed { $0.endedAt = far }), .clipClosed(clip), .clipOpened(late),
                .coverage(Coverage(change: .started, camera: nil, at: far, reason: nil)),
                .eventUpdated(Sample.event(3)),
            ], at: Sample.start)
        let verdicts = try await cache.accept(entries, from: key.publicKey)
        #expect(verdicts.map(\.isStored) == [true, false, false, false, false, false, true])
        for case .refused(let kind, let reason) in verdicts {
            #expect(kind == .malformed && !reason.isEmpty)
        }
        #expect(try await cache.catalogue.events(EventFilter(), limit: 10).items.count == 2)
    }

    @Test("keeps a bounded number of bytes of refused entries, and counts the others")
    func boundedRejections() async throws {
        let cache = try cache()
        let good = try await entries(1)
        _ = try await cache.accept(good, from: key.publicKey)
        let forged = (0..<40).map { number in
            JournalEntry(
                chain: good[0].chain, sequence: 10 + number, payload: [UInt8](repeating: UInt8(number), count: 250_000),
                signature: [UInt8](repeating: 0, count: 64))
        }
        let huge = JournalEntry(
            chain: good[0].chain, sequence: 9, payload: [UInt8](repeating: 7, count: 1 << 20),
            signature: [UInt8](repeating: 0, count: 64))
        let verdicts = try await cache.accept([huge] + forged, from: key.publicKey)
        #expect(verdicts.allSatisfy { !$0.isStored })
        #expect(try await chain(cache).rejected == 41)
        let database = try DatabaseQueue(path: folder.path("node.sqlite"))
        let sizes = try await database.read { try Int.fetchAll($0, sql: "SELECT length(payload) FROM rejections") }
        #expect(sizes.reduce(0, +) <= 8 << 20 && sizes.count == 33)
    }

    @Test("notifies listeners of changes, in the order of arrival")
    func changes() async throws {
        let cache = try cache()
        let entries = try await entries(2)
        _ = try await cache.accept(entries.reversed(), from: key.publicKey)
        var iterator = cache.changes(after: 0).makeAsyncIterator()
        var seen: [Int64] = []
        for _ in 0..<6 { if let change = try await iterator.next() { seen.append(change.sequence) } }
        #expect(seen == [1, 2, 3, 4, 5, 6])
    }
}

/// SplitMix64 (https://prng.di.unimi.it/splitmix64.c): the same order for the same seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
