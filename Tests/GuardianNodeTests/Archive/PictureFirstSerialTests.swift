import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianTestKit
import Testing

@Suite("An event's picture in the archive")
struct PictureFirstSerialTests {
    private func opened(_ fixture: ArchiveFixture, _ name: String) async throws -> (Data, SealedHeader) {
        let bytes = try #require(try await fixture.stored()[name])
        var plaintext: [UInt8] = []
        let clip = try await ClipOpener(fixture.owner).open(SealedSource(bytes))
        let result = try await clip.stream { plaintext += $0 }
        #expect(result.outcome == .complete)
        return (Data(plaintext), clip.prefix.header)
    }

    private func name(_ event: Event) -> String { "events/\(event.id)/snapshot.grdn" }

    private func isStored(_ fixture: ArchiveFixture, _ names: [String]) async throws -> Bool {
        let rows = try await fixture.rows()
        return names.allSatisfy { name in rows.contains { $0.objectKey == name && $0.state == "stored" } }
    }

    @Test("is stored before the clip that shows the event, and is the same picture")
    func first() async throws {
        let fixture = try ArchiveFixture()
        let edge = try SealingEdge(fixture)
        try await fixture.run { node in
            try await edge.run(port: node.port) {
                let (event, jpeg, clip) = try await edge.visit(stays: true)
                try await eventually("both are stored") {
                    try await isStored(fixture, [name(event), "clips/\(clip.id)/0.grdn"])
                }
                // The table's rows are in the order of arrival.
                #expect(try await fixture.rows().first?.objectKey == name(event))
                let (plaintext, header) = try await opened(fixture, name(event))
                #expect(plaintext == jpeg)
                #expect(header.contentType == "image/jpeg" && header.subject == event.id.uuid)
                #expect(try await fixture.rows().first?.checkpoint?.count == Checkpoint.size)
                try await eventually("nothing waits") { edge.waiting.isEmpty }
            }
        }
    }

    @Test("and its clip wait while their disks are away, and keep no other clip from being archived")
    func away() async throws {
        let fixture = try ArchiveFixture()
        let edge = try SealingEdge(fixture)
        let folders = edge.places.map(\.folder)
        let files = FileManager.default
        try await fixture.run { node in
            try await edge.run(port: node.port) {}
            let (event, _, clip) = try await edge.visit()
            for folder in folders {
                try files.moveItem(atPath: folder, toPath: folder + ".disk")
                try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
            }
            let archive = try edge.archive(port: node.port)
            try await withThrowingTaskGroup(of: Void.self) { group in
                // It begins when nobody has noticed yet.
                for service in archive.services { group.addTask { try await service.run() } }
                let (_, _, next) = try await edge.visit(at: 60_000)
                #expect(edge.store.url(of: next.id, camera: next.camera).path.contains("emergency"))
                try await eventually("a clip of the emergency folder is stored") {
                    try await isStored(fixture, ["clips/\(next.id)/0.grdn"])
                }
                try await eventually("the recorder knows") {
                    try await edge.ledger("SELECT state FROM clips ORDER BY clip") == ["waiting", "stored"]
                }
                #expect(try await edge.ledger("SELECT state FROM pictures") == ["waiting"])
                for folder in folders {
                    try files.removeItem(atPath: folder)
                    try files.moveItem(atPath: folder + ".disk", toPath: folder)
                }
                for place in edge.places { await place.check() }
                try await eventually("both are stored") {
                    try await isStored(fixture, [name(event), "clips/\(clip.id)/0.grdn"])
                }
                group.cancelAll()
                while let ended = await group.nextResult() { _ = ended }
            }
        }
    }

    @Test("is stored although that of another event, or its clip, cannot be read")
    func unreadable() async throws {
        let fixture = try ArchiveFixture()
        let edge = try SealingEdge(fixture)
        try await fixture.run { node in
            try await edge.run(port: node.port) {}
            let (event, _, clip) = try await edge.visit()
            // What is newer is sent first.
            let (other, _, damaged) = try await edge.visit(at: 60_000)
            // A folder can be opened, but not read.
            let snapshot = try #require(other.snapshot)
            for path in [
                edge.store.url(of: damaged.id, camera: damaged.camera).path, edge.path(of: snapshot, event: other.id),
            ] {
                try FileManager.default.removeItem(atPath: path)
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            }
            try await edge.run(port: node.port) {
                try await eventually("what can be read is stored") {
                    try await isStored(fixture, [name(event), "clips/\(clip.id)/0.grdn"])
                }
                for table in ["clips", "pictures"] {
                    try await eventually("what cannot be read waits: \(table)") {
                        try await edge.ledger("SELECT state FROM \(table) WHERE reason IS NOT NULL") == ["waiting"]
                    }
                }
                #expect(fixture.log.count("archiving a clip failed") == 1)
                #expect(fixture.log.count("archiving a snapshot failed") == 1)
            }
        }
    }

    @Test("is not sent for an event that the policy does not want, until it is kept")
    func unwanted() async throws {
        let fixture = try ArchiveFixture()
        let edge = try SealingEdge(fixture)
        try await fixture.run { node in
            try await edge.run(port: node.port, policy: ", confidence: 0.8") {
                let (unwanted, _, clip) = try await edge.visit(confidence: 0.5)
                let (wanted, _, other) = try await edge.visit(at: 60_000)
                try await eventually("what is wanted is stored") {
                    try await isStored(fixture, [name(wanted), "clips/\(other.id)/0.grdn"])
                }
                #expect(try await fixture.rows().count == 2)
                try await edge.journal.append(
                    [.eventKept(Keep(event: unwanted.id, isKept: true))], at: Sample.start)
                try await eventually("what is kept is stored") {
                    try await isStored(fixture, [name(unwanted), "clips/\(clip.id)/0.grdn"])
                }
            }
        }
    }

    @Test(
        "that is refused for space does not delay the clip, and is sent when there is space", .timeLimit(.minutes(10)))
    func full() async throws {
        let roomy = try ArchiveFixture()
        var narrow = roomy
        narrow.quota = ArchiveQuota(all: .init(bytes: 40_000))
        let fixture = narrow
        var edge = try SealingEdge(fixture)
        let (clock, monotonic) = (ManualClock(Sample.start), TestClock())
        edge.clock = clock
        let first = edge
        let seen = try await fixture.run { node in
            try await visitWithoutRoom(first, fixture, port: node.port)
        }
        edge.monotonic = monotonic
        let second = edge
        try await roomy.run { node in
            try await second.run(port: node.port) {
                // The archivers of clips and snapshots: there is nothing that they may send yet.
                try await monotonic.waitForSleepers(2)
                #expect(try await second.ledger("SELECT state FROM pictures") == ["refused"])
                clock.set(Sample.start + 1_000)
                // In small steps, and more than once: others sleep by this clock too, and time out by it.
                try await eventually("the picture is stored", advancing: monotonic, by: .milliseconds(100)) {
                    try await isStored(roomy, [name(seen)])
                }
            }
        }
    }

    private func visitWithoutRoom(_ edge: SealingEdge, _ fixture: ArchiveFixture, port: Int) async throws -> Event {
        let (event, _, clip) = try await withEdge(edge, port: port) {
            let visit = try await edge.visit()
            try await eventually("the clip is stored") {
                try await isStored(fixture, ["clips/\(visit.clip.id)/0.grdn"])
            }
            try await eventually("the picture is refused") {
                try await edge.ledger("SELECT state FROM pictures") == ["refused"]
            }
            try await eventually("the clip is settled") {
                try await edge.ledger("SELECT state FROM clips") == ["stored"]
            }
            return visit
        }
        #expect(try await fixture.stored().keys.sorted() == ["clips/\(clip.id)/0.grdn"])
        return event
    }

    private func withEdge<Value: Sendable>(
        _ edge: SealingEdge, port: Int, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let box = Box<Value>()
        try await edge.run(port: port) { await box.put(try await body()) }
        return try #require(await box.value)
    }

    private actor Box<Value: Sendable> {
        var value: Value?
        func put(_ value: Value) { self.value = value }
    }

    @Test("goes on after a restart where the node has it: sealed once, stored once")
    func restart() async throws {
        let fixture = try ArchiveFixture()
        var edge = try SealingEdge(fixture)
        // Larger than one message.
        edge.pictureSize = 3_000_000
        let running = edge
        // A port on which no process listens: the picture is sealed and waits.
        let port = try await fixture.run { $0.port }
        let (event, jpeg, _) = try await withEdge(running, port: port) {
            let visit = try await running.visit()
            try await eventually("the picture is sealed") { !running.waiting.isEmpty }
            return visit
        }
        let path = "\(running.folder.archiveMarks)/\(event.id).picture"
        let sealed = Array(try Data(contentsOf: URL(filePath: path)).dropFirst(Checkpoint.size))
        try await fixture.run { node in
            // The node already has its beginning, from before the interruption.
            let sent = try await node.uploadBeginning(of: event, Array(sealed.prefix(1 << 20)))
            #expect(sent == 1 << 20)
            try await running.run(port: node.port) {
                try await eventually("it is stored") { try await isStored(fixture, [name(event)]) }
                try await eventually("nothing waits") { running.waiting.isEmpty }
            }
        }
        #expect(try await fixture.stored()[name(event)] == sealed)
        #expect(try await opened(fixture, name(event)).0 == jpeg)
    }
}
