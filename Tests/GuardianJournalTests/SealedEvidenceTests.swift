import Foundation
import GRDB
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("What a journal says of an archived clip")
struct SealedEvidenceTests {
    @Test("is found by an index, newest first, however long the journal is")
    func plan() async throws {
        let folder = TemporaryFolder()
        let journal = try Journal(path: folder.path("j.sqlite"), key: DeviceKey())
        try journal.close()
        let plan = try await DatabaseQueue(path: folder.path("j.sqlite")).read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(SealedEvidence.query)", arguments: [UUID()])
                .map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("SEARCH entries USING INDEX entries_by_subject") }, "\(plan)")
        #expect(!plan.contains { $0.contains("SCAN") || $0.contains("TEMP B-TREE") }, "\(plan)")
    }
}
