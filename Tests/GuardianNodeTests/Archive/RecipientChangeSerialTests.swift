import Foundation
import GuardianArchive
import GuardianCore
import GuardianTestKit
import Synchronization
import Testing

@Suite("Recipients that change while the archive runs", .timeLimit(.minutes(10)))
struct RecipientChangeSerialTests {
    private final class Current: Sendable {
        private let recipients = Mutex<[Recipient]>([])

        var now: [Recipient] {
            get { recipients.withLock { $0 } }
            set { recipients.withLock { $0 = newValue } }
        }
    }

    @Test("are those of the pictures and clips that are sealed next; without any nothing is archived")
    func change() async throws {
        let fixture = try ArchiveFixture()
        let (first, second) = (fixture.owner, try OwnerKeys(OwnerSecret()))
        let current = Current()
        var made = try SealingEdge(fixture)
        made.recipients = { current.now }
        let edge = made
        try await fixture.run { node in
            try await edge.run(port: node.port) {
                let (_, _, unsealed) = try await edge.visit()
                try await eventually("it is passed over") {
                    try await edge.ledger("SELECT value FROM marks WHERE name = 'position'")
                        == ["\(edge.journal.position)"]
                }
                for (number, owners) in [[first], [second], [first, second]].enumerated() {
                    current.now = owners.map(\.xWing)
                    let (event, _, clip) = try await edge.visit(at: Int64(number + 1) * 60_000)
                    let names = ["events/\(event.id)/snapshot.grdn", "clips/\(clip.id)/0.grdn"]
                    try await eventually("both are stored") {
                        let rows = try await fixture.rows()
                        return names.allSatisfy { name in
                            rows.contains { $0.objectKey == name && $0.state == "stored" }
                        }
                    }
                    let stored = try await fixture.stored()
                    for name in names {
                        let prefix = try SealedPrefix(parsing: try #require(stored[name]))
                        #expect(Set(prefix.recipients.map(\.keyID)) == Set(owners.map(\.xWing.keyID)))
                    }
                }
                #expect(try await fixture.rows().count == 6)
                #expect(try await fixture.stored()["clips/\(unsealed.id)/0.grdn"] == nil)
            }
        }
    }
}
