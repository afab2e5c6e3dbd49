import Foundation
import GuardianArchive
import GuardianCore
import GuardianEdge
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

    @Test("and cameras that an owner chooses count for the next event")
    func cameras() async throws {
        let fixture = try ArchiveFixture()
        var made = try SealingEdge(fixture)
        let front = try #require(CameraAlias("front"))
        let settings = EdgeSettingsStore(
            path: made.folder.settings, fixed: RecordingForm(), clock: SystemClock(), logger: fixture.log.logger)
        made.cameras = [front: Sample.front, try #require(CameraAlias("yard")): Sample.yard]
        made.rules = { settings.archive }
        let edge = made
        try await fixture.run { node in
            try await edge.run(port: node.port) {
                let yard = ArchiveForm(cameras: .value([try #require(CameraAlias("yard"))]))
                try await settings.changeArchive(yard, cameras: Set(edge.cameras.keys)) { _ in }
                func stored(_ clip: Clip) async throws {
                    try await eventually("the clip is stored") {
                        try await fixture.rows().contains {
                            $0.objectKey == "clips/\(clip.id)/0.grdn" && $0.state == "stored"
                        }
                    }
                }
                let (_, _, unwanted) = try await edge.visit()
                // It comes later, so that the one before was passed over once it is stored.
                try await stored(edge.visit(at: 30_000, camera: Sample.yard).clip)
                try await settings.changeArchive(ArchiveForm(cameras: .nothing), cameras: []) { _ in }
                try await stored(edge.visit(at: 60_000).clip)
                #expect(try await fixture.stored()["clips/\(unwanted.id)/0.grdn"] == nil)
            }
        }
    }

    @Test("begin the archive when the first one is added, for what happens from then on")
    func beginning() async throws {
        let fixture = try ArchiveFixture()
        let made = try SealingEdge(fixture)
        let settings = EdgeSettingsStore(
            path: made.folder.settings, fixed: RecordingForm(), clock: SystemClock(), logger: fixture.log.logger)
        var sealing = made
        sealing.recipients = { settings.recipients.map(\.recipient) }
        let edge = sealing
        try await fixture.run { node in
            let slot = Slot<EdgeArchive>()
            let archive = ArchiveBeginning(
                settings: settings, journal: edge.journal, slot: slot, logger: fixture.log.logger
            ) { try edge.archive(port: node.port) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await archive.run() }
                defer { group.cancelAll() }
                let (_, _, before) = try await edge.visit()
                #expect(slot.value == nil)
                _ = try await settings.addRecipient(fixture.owner.xWing.text, name: "Anna") { _ in }
                try await eventually("the archive runs") { slot.value != nil }
                try await eventually("it follows the journal") {
                    try await edge.ledger("SELECT count(*) FROM marks WHERE name = 'position'") == ["1"]
                }
                let (_, _, after) = try await edge.visit(at: 60_000)
                try await eventually("the clip is stored") {
                    try await fixture.rows().contains {
                        $0.objectKey == "clips/\(after.id)/0.grdn" && $0.state == "stored"
                    }
                }
                #expect(try await fixture.stored()["clips/\(before.id)/0.grdn"] == nil)
            }
        }
    }
}
