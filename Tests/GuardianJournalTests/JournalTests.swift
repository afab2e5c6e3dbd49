import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("A journal")
struct JournalTests {
    private let folder = TemporaryFolder()
    private let key = DeviceKey()

    private func journal(_ options: Journal.Options = .init()) throws -> Journal {
        try Journal(path: folder.path("j.sqlite"), key: key, options: options)
    }

    @Test("goes on in its chain after a restart")
    func restart() async throws {
        let first = try journal()
        let before = try await first.append([.eventOpened(Sample.event(), Sample.judgement)], at: Sample.start)
        try first.close()
        let second = try journal()
        #expect(second.chain == first.chain)
        let after = try await second.append([.eventClosed(Sample.event(state: .closed))], at: Sample.start)
        #expect(after.first?.sequence == 2)
        #expect(try after.first?.content().previous == before.first?.hash)
    }

    @Test("begins a chain of its own for another device key")
    func otherKey() async throws {
        let first = try journal()
        try await first.append([.coverage(Coverage(change: .started, camera: nil, at: Sample.start))], at: Sample.start)
        try first.close()
        let other = try Journal(path: folder.path("j.sqlite"), key: DeviceKey())
        #expect(other.chain != first.chain)
        let entry = try await other.append(
            [.coverage(Coverage(change: .started, camera: nil, at: Sample.start))], at: Sample.start)
        #expect(entry.first?.sequence == 1)
    }

    @Test("gives every one of many concurrent appends its own place, without a gap")
    func concurrency() async throws {
        let journal = try journal()
        let sequences = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for number in 0..<100 {
                group.addTask {
                    let event = Sample.event(Int64(number))
                    return try await journal.append(
                        [.eventOpened(event, Sample.judgement), .eventClosed(event.changed { $0.state = .closed })],
                        at: Sample.start
                    ).map(\.sequence)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sequences.allSatisfy { $0.count == 2 && $0[1] == $0[0] + 1 }, "one append's entries stand together")
        #expect(sequences.flatMap(\.self).sorted() == Array(1...200))
        let verification = try JournalVerifier(
            path: folder.path("j.sqlite"), place: .edge, deviceKey: key.publicKey
        ).verify()
        #expect(verification.findings.isEmpty)
        #expect(verification.entries == 200)
    }

    @Test("writes all of an append or nothing")
    func atomicity() async throws {
        let journal = try journal()
        let tooLong = Sample.event().changed {
            $0.path = Array(repeating: PathPoint(offset: 0, box: $0.box), count: JournalLimits.path + 1)
        }
        let error = await #expect(throws: GuardianError.self) {
            try await journal.append([.eventUpdated(Sample.event()), .eventUpdated(tooLong)], at: Sample.start)
        }
        #expect(error?.code == .invalidArgument)
        #expect(journal.outbox.waiting == 0)
        #expect(try await journal.entries(after: 0, limit: 10).isEmpty)
    }

    @Test("takes entries however many wait in the outbox, so that room can be made and coverage be written")
    func longOutbox() async throws {
        let waiting = 1_000_000
        let path = folder.path("long.sqlite")
        do {
            let journal = try Journal(path: path, key: key)
            try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
            try await journal.store.write { [waiting] database in
                try database.execute(
                    sql: """
                        WITH RECURSIVE number(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
                        INSERT INTO outbox (position) SELECT -n FROM number
                        """, arguments: [waiting])
            }
            try journal.close()
        }
        let journal = try Journal(path: path, key: key)
        #expect(journal.outbox.waiting == waiting)
        try await journal.append(
            [
                .tombstone(Tombstone(subject: .clip(Sample.clip().id), reason: .expired)),
                .coverage(Coverage(change: .started, camera: nil, at: Sample.start)),
            ], at: Sample.start)
        #expect(journal.outbox.waiting == waiting + 2)
        #expect(try await journal.outbox.next(2, excluding: []).map(\.entry.sequence) == [3, 2])
    }

    @Test("begins a chain that names the newest entry of the chain before it")
    func continuedChain() async throws {
        let journal = try journal()
        let entries = try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
        let before = ChainHead(chain: journal.chain, sequence: 1, hash: entries.first?.hash)
        let beginning = ChainBeginning(reason: .restored, before: before)
        let chain = try await journal.beginChain(beginning, at: Sample.start + 1)
        #expect(chain != before.chain && chain == journal.chain)
        let first = try #require(try await journal.entries(after: 0, limit: 10).first)
        #expect(first.sequence == 1)
        #expect(try first.content().previous == nil && first.content().body == .chainBegun(beginning))
        #expect(journal.outbox.waiting == 2)
    }

    @Test("uses a chain without entries instead of beginning another one")
    func emptyChain() async throws {
        let journal = try journal()
        let chain = journal.chain
        let beginning = ChainBeginning(reason: .damaged, before: nil)
        #expect(try await journal.beginChain(beginning, at: Sample.start) == chain)
        #expect(try await journal.entries(after: 0, limit: 10).first?.content().body == .chainBegun(beginning))
    }

    @Test("contradicts a head that it does not have, or has otherwise, and no other one")
    func contradiction() async throws {
        let journal = try journal()
        let entries = try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
        let hash = entries.first?.hash
        #expect(try await !journal.contradicts(ChainHead(chain: journal.chain, sequence: 1, hash: hash)))
        #expect(try await !journal.contradicts(ChainHead(chain: journal.chain, sequence: 0, hash: nil)))
        #expect(try await journal.contradicts(ChainHead(chain: journal.chain, sequence: 2, hash: hash)))
        #expect(try await journal.contradicts(ChainHead(chain: journal.chain, sequence: 1, hash: .sha256(of: [1]))))
        #expect(try await journal.contradicts(ChainHead(chain: .v7(at: Sample.start), sequence: 1, hash: hash)))
    }

    @Test("reports changes in order, earlier ones first, and resumes after a position")
    func changes() async throws {
        let journal = try journal()
        let clip = Sample.clip(state: .recording)
        let event = Sample.event(clips: [clip.id])
        try await journal.append([.eventOpened(event, Sample.judgement), .clipOpened(clip)], at: Sample.start)
        var iterator = journal.changes(after: 0).makeAsyncIterator()
        #expect(try await iterator.next() == JournalChange(sequence: 1, events: [event.id]))
        #expect(try await iterator.next() == JournalChange(sequence: 2, events: [event.id]))
        async let later = iterator.next()
        try await journal.append(
            [.coverage(Coverage(change: .cameraLost, camera: Sample.front, at: Sample.start)), .clipClosed(clip)],
            at: Sample.start)
        #expect(try await later == JournalChange(sequence: 4, events: [event.id]))
        var resumed = journal.changes(after: 2).makeAsyncIterator()
        #expect(try await resumed.next()?.sequence == 4)
    }

    @Test("ends a wait for changes when the task is cancelled")
    func cancelledChanges() async throws {
        let journal = try journal()
        let task = Task {
            for try await _ in journal.changes() {}
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("keeps its key in a file that nobody else may read, and refuses one that others may")
    func deviceKey() throws {
        let path = folder.path("device.key")
        let made = try DeviceKey.open(path: path)
        #expect(try DeviceKey.open(path: path).publicKey == made.publicKey)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(chmod(path, 0o644) == 0)
        let error = #expect(throws: GuardianError.self) { try DeviceKey.open(path: path) }
        #expect(error?.code == .permissionDenied)
        let bad = folder.path("bad.key")
        #expect(
            FileManager.default.createFile(
                atPath: bad, contents: Data("nonsense".utf8), attributes: [.posixPermissions: 0o600]))
        #expect(throws: GuardianError.self) { try DeviceKey.open(path: bad) }
    }
}
