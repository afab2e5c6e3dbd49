import Foundation
import GuardianArchive
import GuardianCore
import GuardianHTTP
import GuardianNode
import GuardianOperations
import GuardianTestKit
import Logging
import NIOCore
import Testing

@Suite("A place of the archive that is away")
struct PlacesSerialTests {
    private var fixture: ArchiveFixture
    private let files = FileManager.default

    init() throws {
        fixture = try ArchiveFixture()
        fixture.timings.places = .milliseconds(20)
    }

    private var objects: String { fixture.node.folder.path("objects") }
    private var aside: String { fixture.node.folder.path("aside") }

    /// As unmounting a disk: its mount point stays, empty.
    private func unmount() throws {
        try files.moveItem(atPath: objects, toPath: aside)
        try files.createDirectory(atPath: objects, withIntermediateDirectories: false)
    }

    private func mount() throws {
        try files.removeItem(atPath: objects)
        try files.moveItem(atPath: aside, toPath: objects)
    }

    /// Sends all of a clip and its end, without waiting for the receipt.
    private func send(_ sample: SealedSample, _ edge: EdgeSide) async throws {
        try await edge.stream(of: sample) { stream in
            for message in sample.messages {
                _ = try await stream.durable()
                try await stream.send(message)
            }
            _ = try await stream.durable()
            try await stream.end(sample.file.count)
            try await eventually("it is sealed") { try await fixture.rows().last?.state == "sealed" }
        }
    }

    private func usage(_ edge: EdgeSide) async throws -> ArchiveReport { try await edge.scope.archiveReport() }

    @Test("is not empty: nothing counts as lost or is written there, and all goes on by itself once it is back")
    func unmounted() async throws {
        let (before, during) = (try SealedSample(fixture), try SealedSample(fixture))
        try await fixture.run { _ = try await $0.upload(before) }
        #expect(files.fileExists(atPath: fixture.marker.path))
        try unmount()
        try await fixture.run { edge in
            try await eventually("it says so") { fixture.log.count("place of the archive is away") > 0 }
            try await send(during, edge)
            let problems = try await usage(edge).problems
            #expect(problems.count == 1 && problems[0].contains("mount its disk"))
            #expect(try await fixture.rows().map(\.state) == ["stored", "sealed"])
            #expect(try files.contentsOfDirectory(atPath: objects).filter { $0 != ".uploads" }.isEmpty)
            try mount()
            try await eventually("the waiting part is stored") {
                try await fixture.rows().map(\.state) == ["stored", "stored"]
            }
            #expect(try await usage(edge).problems == [])
        }
        #expect(fixture.log.count("archived object is lost") == 0)
        #expect(fixture.log.count("place of the archive is back") > 0)
        #expect(try await fixture.stored() == [before.name: before.file, during.name: during.file])
    }

    @Test("is not new because nothing was stored there yet: nothing is written below its mount point")
    func nothingStored() async throws {
        try await fixture.run { _ in
            try await eventually("it is marked") { files.fileExists(atPath: fixture.marker.path) }
        }
        try unmount()
        try files.moveItem(at: fixture.spool, to: URL(filePath: aside + ".spool"))
        try files.createDirectory(at: fixture.spool, withIntermediateDirectories: false)
        try await fixture.run { edge in
            try await eventually("it says so, of the store and of the spool") {
                let problems = try await usage(edge).problems
                return problems.count == 2 && problems.allSatisfy { $0.contains("mount its disk") }
            }
            #expect(try files.contentsOfDirectory(atPath: objects).filter { $0 != ".uploads" }.isEmpty)
            #expect(try files.contentsOfDirectory(atPath: fixture.spool.path).isEmpty)
            try mount()
            try files.removeItem(at: fixture.spool)
            try files.moveItem(at: URL(filePath: aside + ".spool"), to: fixture.spool)
            try await eventually("both are back") { try await usage(edge).problems == [] }
        }
    }

    @Test("may be a folder that cannot be created: the node starts, and goes on by itself once it can be")
    func uncreatable() async throws {
        let sample = try SealedSample(fixture)
        // As root, only a file in its place keeps a folder from being created.
        try Data().write(to: URL(filePath: objects))
        try await fixture.run { edge in
            try await eventually("it says so") { fixture.log.count("place of the archive is away") > 0 }
            try await send(sample, edge)
            let problems = try await usage(edge).problems
            #expect(problems.count == 1 && problems[0].contains("cannot be created"))
            #expect(try await fixture.rows().map(\.state) == ["sealed"])
            try files.removeItem(atPath: objects)
            try await eventually("the waiting part is stored") { try await fixture.rows().map(\.state) == ["stored"] }
            #expect(try await usage(edge).problems == [])
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }

    @Test("keeps its clips although their time is over")
    func expiry() async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { _ = try await $0.upload(sample) }
        try await fixture.change("UPDATE parts SET stored_at = 0")
        try unmount()
        var strict = fixture
        strict.quota.days = 1
        try await strict.run { edge in
            try await eventually("it says so") { fixture.log.count("place of the archive is away") > 0 }
            #expect(try await fixture.rows().map(\.state) == ["stored"])
            try mount()
            try await eventually("it is removed now") { try await fixture.rows().isEmpty }
        }
        #expect(try await fixture.stored().isEmpty)
    }

    @Test("is found again by an installation from before there were marks", arguments: [false, true])
    func adoption(isAway: Bool) async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { _ = try await $0.upload(sample) }
        try await fixture.change("DELETE FROM places")
        try files.removeItem(at: fixture.marker)
        if isAway { try unmount() }
        try await fixture.run { edge in
            if isAway {
                try await eventually("it is away") { try await usage(edge).problems.count == 1 }
                try mount()
            }
            try await eventually("it is marked") { files.fileExists(atPath: fixture.marker.path) }
        }
        #expect(try await fixture.rows().map(\.state) == ["stored"])
    }

    @Test("is given up when a person stores the mark there that the message names")
    func givenUp() async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { _ = try await $0.upload(sample) }
        try await fixture.change("DELETE FROM places")
        try unmount()
        try await fixture.run { edge in
            try await eventually("it is away") { try await usage(edge).problems.count == 1 }
            let problem = try #require(try await usage(edge).problems.first)
            let id = try #require(problem.firstMatch(of: #/the text ([0-9a-f-]{36}) there/#)?.1)
            try files.createDirectory(
                at: fixture.marker.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("\(id)\n".utf8).write(to: fixture.marker)
            try await eventually("what was there counts as lost") {
                try await fixture.rows().map(\.state) == ["failed"]
            }
            #expect(try await edge.upload(sample).receipt.size == UInt64(sample.file.count))
        }
    }

    @Test("may be another archive's: then nothing is written there")
    func foreign() async throws {
        let (before, during) = (try SealedSample(fixture), try SealedSample(fixture))
        try await fixture.run { _ = try await $0.upload(before) }
        let mark = try Data(contentsOf: fixture.marker)
        try Data("\(UUID())\n".utf8).write(to: fixture.marker)
        try await fixture.run { edge in
            try await send(during, edge)
            try await eventually("it says so") {
                try await usage(edge).problems.first?.contains("another archive's") == true
            }
            #expect(try await fixture.stored() == [before.name: before.file])
            try mark.write(to: fixture.marker)
            try await eventually("it goes on") { try await fixture.rows().map(\.state) == ["stored", "stored"] }
        }
    }

    @Test("and what counted as lost is stored again, by upkeep and by whoever reads it")
    func foundAgain() async throws {
        let samples = try [SealedSample(fixture), SealedSample(fixture)]
        try await fixture.run { edge in for sample in samples { _ = try await edge.upload(sample) } }
        try await fixture.change("UPDATE parts SET state = 'failed', reason = 'The store no longer has this object.'")
        try await fixture.run { edge in
            try await eventually("upkeep finds both") {
                try await fixture.rows().map(\.state) == ["stored", "stored"]
            }
            try await eventually("it says so once") { fixture.log.count("archived objects are there again") == 1 }
            #expect(try await edge.scope.archiveUsage().all.objects == 2)
            try await fixture.change("UPDATE parts SET state = 'failed', reason = 'lost'")
            let content = try await edge.scope.sealed(.part(samples[0].clip, 0))
            #expect(content.size == Int64(samples[0].file.count) && !content.isGrowing)
            #expect(try await fixture.rows().map(\.state) == ["stored", "failed"])
        }
        #expect(try await fixture.rows().map(\.reason) == [nil, "lost"])
    }

    @Test("may be the spool: no part is accepted, and what waits there is neither given up nor ended")
    func spool() async throws {
        var hasty = fixture
        hasty.timings.silence = .seconds(1)
        let (waiting, new) = (try SealedSample(fixture), try SealedSample(fixture))
        try await fixture.run { edge in
            try await edge.stream(of: waiting) { stream in
                _ = try await stream.durable()
                try await stream.send(waiting.messages[0])
                _ = try await stream.durable()
            }
        }
        try files.moveItem(at: fixture.spool, to: URL(filePath: aside))
        try await hasty.run { edge in
            try await eventually("it says so") {
                try await usage(edge).problems.first?.contains("spool") == true
            }
            #expect(try await edge.refusal(of: new) { _ in }.code == .unavailable)
            #expect(try await fixture.rows().map(\.state) == ["uploading"])
            try files.removeItem(at: fixture.spool)
            try files.moveItem(at: URL(filePath: aside), to: fixture.spool)
            try await eventually("the part that fell silent is stored") {
                try await fixture.rows().first?.state == "stored"
            }
            #expect(try await edge.upload(new).receipt.size == UInt64(new.file.count))
        }
    }

    @Test("is marked again when its mark is an empty file, as a full disk may leave it")
    func emptyMark() async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { _ = try await $0.upload(sample) }
        let mark = fixture.spool.appending(path: ".place")
        let before = try Data(contentsOf: mark)
        try Data().write(to: mark)
        try await fixture.run { edge in
            let problems = try await usage(edge).problems
            #expect(problems == [])
            #expect(try Data(contentsOf: mark) == before)
        }
    }
}
