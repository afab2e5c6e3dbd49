import Foundation
import GRDB
import GuardianCore
import GuardianStorage
import Testing

@Suite("A store")
struct StoreSerialTests {
    private let folder = TemporaryFolder()
    private let notes = Migration("2026-01-01 notes") {
        try $0.execute(sql: "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)")
    }

    @Test("keeps what it committed through a power cut: write-ahead log, synchronous=FULL, foreign keys")
    func pragmas() async throws {
        let store = try Store(path: folder.path("a.sqlite"), migrations: [notes])
        try await store.write { (database: Database) throws in
            #expect(try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal")
            #expect(try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2)
            #expect(try Int.fetchOne(database, sql: "PRAGMA foreign_keys") == 1)
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: store.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("notices that its file is damaged while it is open")
    func damagedInUse() async throws {
        let path = folder.path("a.sqlite")
        let first = try Store(path: path, migrations: [notes])
        try await first.write { database in
            for number in 0..<1_000 {
                try database.execute(
                    sql: "INSERT INTO notes (text) VALUES (?)",
                    arguments: ["\(number) " + String(repeating: "x", count: 1_000)])
            }
        }
        try first.close()
        // All but the first pages, which opening reads.
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: 16 * 4_096)
        try file.write(contentsOf: Data(repeating: 0x5A, count: 400_000))
        try file.close()
        let store = try Store(path: path, migrations: [notes])
        #expect(store.damageFound == nil)
        let sum = "SELECT sum(length(text)) FROM notes NOT INDEXED"
        let error = await #expect(throws: GuardianError.self) {
            try await store.read { try Int.fetchOne($0, sql: sum) }
        }
        #expect(error?.code == .dataLoss)
        #expect(store.damageFound?.hasPrefix("SQLite ") == true)

        let writing = try Store(path: path, migrations: [notes])
        let refusal = await #expect(throws: GuardianError.self) {
            try await writing.write { try $0.execute(sql: "DELETE FROM notes") }
        }
        #expect(refusal?.code == .dataLoss && writing.damageFound != nil)
    }

    @Test("undoes a write that fails, and only that one, when many share a commit")
    func isolation() async throws {
        let store = try Store(path: folder.path("a.sqlite"), migrations: [notes])
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        try await store.write { database in
                            try database.execute(sql: "INSERT INTO notes (text) VALUES (?)", arguments: ["\(number)"])
                            if number % 10 == 0 { throw GuardianError(.aborted, "Not this one.") }
                        }
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(outcomes == 180)
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM notes") } == 180)
    }

    @Test("writes what was begun even when the task that asked is cancelled")
    func cancellation() async throws {
        let store = try Store(path: folder.path("a.sqlite"), migrations: [notes])
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.write { try $0.execute(sql: "INSERT INTO notes (text) VALUES ('last words')") }
        }
        try await task.value
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM notes") } == 1)
    }

    @Test("waits for another process' lock instead of failing")
    func busy() async throws {
        let store = try Store(path: folder.path("a.sqlite"), migrations: [notes])
        let other = try DatabaseQueue(path: store.path)
        let locked = AsyncStream<Void>.makeStream()
        let release = DispatchSemaphore(value: 0)
        async let holding: Void = other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            locked.continuation.yield()
            release.wait()
            try database.execute(sql: "COMMIT")
        }
        defer { release.signal() }
        var first = locked.stream.makeAsyncIterator()
        await first.next()
        async let writing: Void = store.write {
            try $0.execute(sql: "INSERT INTO notes (text) VALUES ('after the lock')")
        }
        // Reads go on meanwhile, and give the write its turns to meet the lock.
        for _ in 0..<20 {
            #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM notes") } == 0)
        }
        release.signal()
        try await writing
        try await holding
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM notes") } == 1)
    }

    @Test("migrates an older file, keeps its rows, and refuses a newer one")
    func migrations() async throws {
        let path = folder.path("a.sqlite")
        let old = try Store(path: path, migrations: [notes])
        try await old.write { try $0.execute(sql: "INSERT INTO notes (text) VALUES ('kept')") }
        try old.close()
        let colours = Migration("2026-02-02 colours") {
            try $0.execute(sql: "ALTER TABLE notes ADD COLUMN colour TEXT")
        }
        let new = try Store(path: path, migrations: [notes, colours])
        #expect(
            try await new.read { try String.fetchOne($0, sql: "SELECT text FROM notes WHERE colour IS NULL") } == "kept"
        )
        try new.close()
        let error = #expect(throws: GuardianError.self) { try Store(path: path, migrations: [notes]) }
        #expect(error?.code == .failedPrecondition)
    }

    @Test(
        "reports SQLite's errors in one error type",
        arguments: [
            ("INSERT INTO notes (text) VALUES (NULL)", GuardianError.Code.failedPrecondition),
            ("INSERT INTO nowhere VALUES (1)", .internal),
        ])
    func errors(sql: String, code: GuardianError.Code) async throws {
        let store = try Store(path: folder.path("a.sqlite"), migrations: [notes])
        let error = await #expect(throws: GuardianError.self) { try await store.write { try $0.execute(sql: sql) } }
        #expect(error?.code == code)
    }

    @Test("names a file that is not a database, and a missing folder")
    func unopenable() throws {
        let garbage = folder.path("garbage.sqlite")
        try Data(repeating: 7, count: 10_000).write(to: URL(filePath: garbage))
        #expect(throws: GuardianError.self) { try Store(path: garbage, migrations: [notes]) }
        let error = #expect(throws: GuardianError.self) {
            try Store(path: folder.path("missing/a.sqlite"), migrations: [notes])
        }
        #expect(error?.code == .failedPrecondition)
    }

    @Test("finds a damaged page")
    func damage() async throws {
        let path = folder.path("a.sqlite")
        let store = try Store(path: path, migrations: [notes])
        try await store.write { database in
            for number in 0..<2_000 {
                try database.execute(
                    sql: "INSERT INTO notes (text) VALUES (?)", arguments: ["a note to fill pages \(number)"])
            }
        }
        #expect(try await store.damage().isEmpty)
        try store.close()
        let log = FileManager.default.contents(atPath: path + "-wal") ?? Data()
        #expect(log.isEmpty, "closing moves everything into the file")
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: 4_096 * 5)
        try file.write(contentsOf: Data(repeating: 0xFF, count: 4_096))
        try file.close()
        var sentences: [String] = []
        do {
            sentences = try Store.inspect(path: path) { try Store.damage(in: $0) }
        } catch let error as GuardianError where error.code == .dataLoss {
            sentences = [error.message]
        }
        #expect(!sentences.isEmpty)
    }
}

/// A folder that is deleted with this object.
final class TemporaryFolder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "guardian-\(UUID().uuidString)")

    init() { try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    deinit { try? FileManager.default.removeItem(at: url) }
}
