import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianStorage
import GuardianTestKit
import Testing

@Suite("Projections")
struct ProjectionTests {
    private let folder = TemporaryFolder()

    @Test("are the same in any order of entries", arguments: 0..<6)
    func orderFree(seed: Int) async throws {
        let key = DeviceKey()
        let journal = try Journal(path: folder.path("edge.sqlite"), key: key)
        for number in 0..<12 {
            let clip = Sample.clip(Int64(number) * 10, state: .recording)
            let event = Sample.event(Int64(number) * 10)
            var closed = Sample.clip(Int64(number) * 10)
            closed.id = clip.id
            try await journal.append(
                [
                    .eventOpened(event, Sample.judgement), .clipOpened(clip),
                    .eventUpdated(event.changed { $0.clips = Sample.event(clips: [clip.id]).clips }),
                    .coverage(Coverage(change: .cameraLost, camera: Sample.front, at: Sample.start + Int64(number))),
                    .eventClosed(
                        event.changed {
                            $0.clips = Sample.event(clips: [clip.id]).clips
                            $0.state = .closed
                            // A better view may move its beginning earlier.
                            $0.startedAt = $0.startedAt + -5
                        }), .clipClosed(closed),
                    .eventKept(Keep(event: event.id, isKept: true)),
                    .eventKept(Keep(event: event.id, isKept: number % 2 != 0)),
                    .tombstone(
                        Tombstone(subject: .clip(clip.id), reason: number % 2 == 0 ? .expired : .erased)),
                ], at: Sample.start)
            if number == 6 {
                try await journal.beginChain(ChainBeginning(reason: .restored, before: nil), at: Sample.start + 1_000)
            }
        }
        var entries: [JournalEntry] = []
        for head in try await journal.heads(limit: 10) {
            entries += try await journal.entries(of: head.chain, after: 0, limit: 1_000)
        }
        #expect(entries.count == 109)
        var generator = Seeded(state: UInt64(seed) + 1)
        entries.shuffle(using: &generator)
        let copy = try Store(path: folder.path("copy.sqlite"), migrations: JournalSchema.migrations)
        let shuffled = entries
        try await copy.write { database in
            for entry in shuffled {
                let origin = try Projection.origin(device: key.publicKey, chain: entry.chain, in: database)
                try Projection.store(entry, try entry.content(), from: origin, at: Sample.start, in: database)
            }
        }
        for table in [
            "SELECT id, hex(chain), sequence, hex(camera), label, state, started_at FROM events ORDER BY id",
            "SELECT id, hex(chain), sequence, hex(camera), state, started_at, size FROM clips ORDER BY id",
            "SELECT hex(event), hex(clip) FROM event_clips ORDER BY 1, 2",
            "SELECT family, hex(camera), at, hex(chain), sequence, change FROM coverage ORDER BY 1, 2, 3, 4, 5",
            "SELECT hex(event), hex(chain), sequence, kept FROM keeps ORDER BY 1",
            "SELECT hex(subject), kind, reason, at FROM tombstones ORDER BY 1",
        ] {
            let original = try await journal.store.read { try Row.fetchAll($0, sql: table).map(\.description) }
            let projected = try await copy.read { try Row.fetchAll($0, sql: table).map(\.description) }
            #expect(original == projected)
            #expect(!original.isEmpty)
        }
    }

    @Test("do not let one device change another's events")
    func foreignEvent() async throws {
        let (mine, other) = (DeviceKey(), DeviceKey())
        let first = try Journal(path: folder.path("a.sqlite"), key: mine)
        let event = Sample.event()
        let own = try await first.append([.eventOpened(event, Sample.judgement)], at: Sample.start)
        let second = try Journal(path: folder.path("b.sqlite"), key: other)
        let forged = try await second.append(
            [.eventClosed(event.changed { $0.confidence = 0.1 })], at: Sample.start)
        let store = try Store(path: folder.path("node.sqlite"), migrations: JournalSchema.migrations)
        try await store.write { database in
            for (entry, key) in [(own[0], mine), (forged[0], other)] {
                let origin = try Projection.origin(device: key.publicKey, chain: entry.chain, in: database)
                try Projection.store(entry, try entry.content(), from: origin, at: Sample.start, in: database)
            }
            #expect(throws: GuardianError.self) {
                try Projection.origin(device: other.publicKey, chain: own[0].chain, in: database)
            }
        }
        #expect(try await Catalogue(store: store).event(event.id)?.confidence == 0.87)
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
