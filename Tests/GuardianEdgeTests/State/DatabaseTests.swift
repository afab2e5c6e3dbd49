import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("The state of an edge whose database is damaged, old or lost", .timeLimit(.minutes(10)))
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
        try DamagedDatabase.note(database, "SQLite 11")
        let chain = try await chainOfOneRun()
        #expect(chain != head.chain)
        #expect(DamagedDatabase.found(in: folder.path("state")).count == 1)
        #expect(try await chainOfOneRun() == chain, "once")
    }

    /// Opens the state and releases it, which unlocks its folder, before it returns. Notes the chain's head, as a running edge
    /// does.
    private func chainOfOneRun() async throws -> ChainID {
        let state = try await open()
        let head = try #require(try await state.journal.heads(limit: 1).last)
        try JournalHeadFile(path: folder.path("state/journal.head")).write(head)
        try state.journal.close()
        return state.journal.chain
    }

    @Test(
        "is kept when it was replaced or repaired after another one was found damaged",
        arguments: [Mending.replaced, .repaired])
    func mended(by mending: Mending) async throws {
        let head = try await before()
        try DamagedDatabase.note(database, "SQLite 11")
        switch mending {
        case .replaced:
            try FileManager.default.copyItem(atPath: database, toPath: folder.path("copy"))
            try FileManager.default.removeItem(atPath: database)
            try FileManager.default.moveItem(atPath: folder.path("copy"), toPath: database)
        case .repaired:
            // Nobody can set when the database was changed, so the note gets older: by a minute.
            let old = Array(repeating: timespec(tv_sec: time(nil) - 60, tv_nsec: 0), count: 2)
            #expect(utimensat(AT_FDCWD, note, old, 0) == 0)
        }
        let state = try await open()
        #expect(state.journal.chain == head.chain)
        #expect(DamagedDatabase.found(in: folder.path("state")).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: note))
        try state.journal.close()
    }

    enum Mending { case replaced, repaired }

    @Test("is not called damaged when a note was left and no database is there")
    func noteAlone() async throws {
        let head = try await before()
        try DamagedDatabase.note(database, "SQLite 11")
        try FileManager.default.removeItem(atPath: database)
        let state = try await open()
        #expect(try await beginning(of: state.journal) == ChainBeginning(reason: .restored, before: head))
        #expect(DamagedDatabase.found(in: folder.path("state")).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: note))
        try state.journal.close()
    }

    private var note: String { database + ".found-damaged" }

    /// Returns a guard of a database that is there, and the file that is its disk's reserve.
    private func guarding(_ monotonic: TestClock, _ damage: Slot<String>, _ opened: Watermark) throws -> DamageGuard {
        try FileManager.default.createDirectory(atPath: folder.path("state"), withIntermediateDirectories: true)
        try Data("SQLite".utf8).write(to: URL(filePath: database))
        return DamageGuard(
            path: database, reserve: DiskReserve(path: folder.path("state/reserve")), damage: { damage.value },
            monotonic: monotonic, logger: log.logger
        ) { opened.increment() }
    }

    @Test("is noted when it is found damaged in use, and opened anew once it was in use for a minute, not before")
    func guarded() async throws {
        let (monotonic, damage, opened) = (TestClock(), Slot<String>(), Watermark(0))
        let guarding = try guarding(monotonic, damage, opened)
        try await running(guarding) {
            try await monotonic.waitForSleepers(1)
            damage.value = "SQLite 11"
            try await monotonic.advanceOnceAsleep(by: .seconds(1))
            try await monotonic.waitForSleepers(1)
            #expect(log.count(of: "database found damaged while running") == 1)
            #expect(FileManager.default.fileExists(atPath: note))
            monotonic.advance(by: .seconds(58))
            try await monotonic.waitForSleepers(1)
            #expect(opened.value == 0, "after 59 seconds")
            monotonic.advance(by: .seconds(2))
            try await eventually("opened anew after 61 seconds") { opened.value == 1 }
            #expect(monotonic.sleepers == 0 && guarding.problem == nil)
        }
    }

    @Test("is used on while its damage cannot be noted, which is a problem; opened anew as soon as it can")
    func unnotable() async throws {
        let (monotonic, damage, opened) = (TestClock(), Slot<String>("SQLite 11"), Watermark(0))
        let guarding = try guarding(monotonic, damage, opened)
        // A folder in the note's place cannot be replaced by a file, whoever the user is.
        try FileManager.default.createDirectory(atPath: note + "/x", withIntermediateDirectories: true)
        try await running(guarding) {
            for _ in 0..<100 { try await monotonic.advanceOnceAsleep(by: .seconds(1)) }
            try await monotonic.waitForSleepers(1)
            #expect(opened.value == 0)
            let problem = try #require(guarding.problem)
            #expect(problem.severity == .error && problem.where == database)
            #expect(log.count(of: "damage cannot be noted, retrying") == 1)
            try FileManager.default.removeItem(atPath: note)
            monotonic.advance(by: .seconds(1))
            try await eventually("opened anew") { opened.value == 1 }
            #expect(guarding.problem == nil && FileManager.default.fileExists(atPath: note))
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
