import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("The state of an edge whose database is damaged, old or lost", .timeLimit(.minutes(1)))
struct DatabaseTests {
    private let folder = TemporaryFolder()
    private let log = LogBook()

    private func open() async throws -> EdgeState {
        let text = """
            state: \(folder.path("state"))
            cameras: [{id: front, name: Front door, source: "file:/nonexistent.mp4"}]
            """
        let configuration = try EdgeConfiguration(ConfigurationFile(text: text, name: "edge.yaml").root)
        return try await EdgeState.open(configuration, clock: ManualClock(Sample.start), logger: log.logger)
    }

    private var database: String { folder.path("state/edge.sqlite") }

    private func beginning(of journal: Journal) async throws -> ChainBeginning? {
        for entry in try await journal.entries(after: 0, limit: 10) {
            if case .chainBegun(let beginning) = try entry.content().body { return beginning }
        }
        return nil
    }

    /// Runs one edge's state with a clip, and returns the head of its chain.
    private func before() async throws -> ChainHead {
        let state = try await open()
        try await state.journal.append([.clipClosed(Sample.clip())], at: Sample.start)
        let head = try #require(try await state.journal.heads(limit: 1).last)
        try JournalHeadFile(path: folder.path("state/journal.head")).write(head)
        try state.journal.close()
        return head
    }

    @Test(
        "is opened with a new database; the damaged one is set aside, and the new chain names the old one's newest entry"
    )
    func damaged() async throws {
        let head = try await before()
        try Data(repeating: 0x5A, count: 50_000).write(to: URL(filePath: database))
        let state = try await open()
        #expect(state.journal.chain != head.chain)
        #expect(try await beginning(of: state.journal) == ChainBeginning(reason: .damaged, before: head))
        let aside = try #require(DamagedDatabase.found(in: folder.path("state")).first)
        #expect(FileManager.default.contents(atPath: aside) == Data(repeating: 0x5A, count: 50_000))
        #expect(log.text.contains("database damaged and set aside"))
        try state.journal.close()
    }

    @Test("is opened with a new database after the old one was found damaged in use, although it can be opened")
    func foundDamaged() async throws {
        let head = try await before()
        DamagedDatabase.note(database, "SQLite 11")
        let state = try await open()
        #expect(state.journal.chain != head.chain)
        #expect(DamagedDatabase.found(in: folder.path("state")).count == 1)
        let chain = state.journal.chain
        try state.journal.close()
        let next = try await open()
        #expect(next.journal.chain == chain, "once")
        try next.journal.close()
    }

    @Test("is noted when it is found damaged in use, and opened anew once it was in use for a minute")
    func guarded() async throws {
        let (monotonic, damage, opened) = (TestClock(), Slot<String>(), Watermark(0))
        let guarding = DamageGuard(
            path: database, damage: { damage.value }, monotonic: monotonic, logger: log.logger
        ) { opened.increment() }
        try FileManager.default.createDirectory(atPath: folder.path("state"), withIntermediateDirectories: true)
        try await running(guarding) {
            try await monotonic.waitForSleepers(1)
            damage.value = "SQLite 11"
            monotonic.advance(by: .seconds(1))
            try await monotonic.waitForSleepers(1)
            #expect(opened.value == 0 && log.text.contains("database found damaged while running"))
            #expect(FileManager.default.fileExists(atPath: database + ".found-damaged"))
            try await eventually("opened anew", advancing: monotonic, by: .seconds(10)) { opened.value == 1 }
            #expect(monotonic.waits.count >= 5)
        }
    }

    @Test("continues no chain of which it lacks an entry that it has signed")
    func restored() async throws {
        do {
            let state = try await open()
            try state.journal.close()
        }
        let backup = folder.path("backup.sqlite")
        try FileManager.default.copyItem(atPath: database, toPath: backup)
        let head = try await before()
        try FileManager.default.removeItem(atPath: database)
        try FileManager.default.moveItem(atPath: backup, toPath: database)
        let restored = try await open()
        #expect(restored.journal.chain != head.chain)
        #expect(try await beginning(of: restored.journal) == ChainBeginning(reason: .restored, before: head))
        #expect(DamagedDatabase.found(in: folder.path("state")).isEmpty)
        try restored.journal.close()
    }

    @Test("continues its chain when nothing happened")
    func unchanged() async throws {
        let head = try await before()
        let state = try await open()
        #expect(state.journal.chain == head.chain)
        #expect(try await beginning(of: state.journal) == nil)
        try state.journal.close()
    }
}
