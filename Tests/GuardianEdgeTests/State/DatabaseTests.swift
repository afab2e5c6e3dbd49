import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianJournal
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
