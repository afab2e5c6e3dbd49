import Foundation
import GRDB
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("A recorder's table of the archive, from an earlier version")
struct LedgerMigrationTests {
    @Test("has receipts of the parts that it had settled, and of those alone")
    func receipts() async throws {
        let fixture = try ArchiveFixture()
        let path = fixture.node.folder.path("archive.sqlite")
        try ArchiveLedger(path: path).close()
        let clip = ClipID.v7(at: Sample.start).description.replacing("-", with: "")
        let queue = try DatabaseQueue(path: path)
        try await queue.write { database in
            try database.execute(sql: "ALTER TABLE parts DROP COLUMN stored")
            try database.execute(
                sql: "DELETE FROM grdb_migrations WHERE identifier = '2026-11-24 parts without a receipt'")
            #expect(database.changesCount == 1)
            try database.execute(
                sql: """
                    INSERT INTO parts (clip, part, start, bind, prefix_length, sealed_length, complete) VALUES
                        (x'\(clip)', 0, 0, zeroblob(32), 512, 4608, 0), (x'\(clip)', 1, 9000, zeroblob(32), 512, NULL, NULL)
                    """)
        }
        try ArchiveLedger(path: path).close()
        #expect(try await queue.read { try Int.fetchAll($0, sql: "SELECT stored FROM parts ORDER BY part") } == [1, 0])
    }
}
