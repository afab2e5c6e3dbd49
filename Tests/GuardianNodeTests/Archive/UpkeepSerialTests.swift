import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianOperations
import NIOCore
import GuardianTestKit
import Testing

@Suite("Upkeep")
struct UpkeepSerialTests {
    private var fixture: ArchiveFixture

    init() throws { fixture = try ArchiveFixture() }

    private func key(_ name: String) throws -> ObjectKey {
        ObjectKey(bucket: fixture.bucket, name: try #require(ObjectName(name)))
    }

    @Test("names what the store has lost or changed, and counts what the table does not know")
    func reconciles() async throws {
        let samples = try (0..<3).map { _ in try SealedSample(fixture) }
        try await fixture.run { edge in
            for sample in samples { _ = try await edge.upload(sample) }
        }
        try await fixture.objects.delete(try key(samples[0].name))
        try await fixture.objects.delete(try key(samples[1].name))
        _ = try await fixture.objects.put(try key(samples[1].name), ByteBuffer(string: "short"))
        let stranger = try SealedSample(fixture)
        _ = try await fixture.objects.put(try key(stranger.name), ByteBuffer(bytes: stranger.file))
        _ = try await fixture.objects.put(try key("others/file"), ByteBuffer(string: "not ours"))
        try await fixture.run { edge in
            try await eventually("both are named") {
                try await fixture.rows().map(\.state) == ["failed", "failed", "stored"]
            }
            try await eventually("the stranger is counted") { fixture.log.count("does not know") == 1 }
            #expect(fixture.log.count("objects: 1") + fixture.log.count("\"objects\": 1") == 1)
            #expect(try await edge.scope.archiveUsage().all.objects == 1)
            // A lost object may be sent again.
            #expect(try await edge.upload(samples[0]).receipt.size == UInt64(samples[0].file.count))
        }
        let reasons = try await fixture.rows().map(\.reason)
        #expect(reasons[0] == nil)
        #expect(reasons[1] == "The store has 5 bytes of this object, not \(samples[1].file.count).")
    }

    @Test("requests parts by name where it may not list, and says what it cannot check")
    func unlistable() async throws {
        fixture.objects.mayList = false
        let samples = try (0..<4).map { _ in try SealedSample(fixture) }
        try await fixture.run { edge in
            // The bucket gets its mark although nobody can tell that it has none.
            for sample in samples { _ = try await edge.upload(sample) }
        }
        #expect(try await fixture.rows().map(\.state) == Array(repeating: "stored", count: 4))
        try await fixture.objects.delete(try key(samples[0].name))
        try await fixture.objects.delete(try key(samples[1].name))
        _ = try await fixture.objects.put(try key(samples[1].name), ByteBuffer(string: "short"))
        try await fixture.change("UPDATE parts SET state = 'failed', reason = 'lost' WHERE id = 3")
        try await fixture.run { edge in
            try await eventually("upkeep has seen all of them") {
                try await edge.scope.archiveReport().problems.first?.contains("1 of them are denied") == true
            }
            // What is denied may be hidden, and does not count as lost.
            #expect(try await fixture.rows().map(\.state) == ["stored", "failed", "stored", "stored"])
            let problems = try await edge.scope.archiveReport().problems
            #expect(problems.count == 1 && problems[0].contains("does not know"))
            #expect(try await edge.scope.archiveReport().notes == [])
        }
        #expect(fixture.log.count("archive upkeep failed") == 0)
        fixture.objects.mayList = true
        try await fixture.run { edge in
            try await eventually("the missing one is known to be lost") {
                try await fixture.rows().map(\.state) == ["failed", "failed", "stored", "stored"]
            }
            #expect(try await edge.scope.archiveReport().problems == [])
            #expect(try await edge.scope.archiveReport().notes == [])
        }
    }

    @Test(
        "only notes that it may not list where every part can be requested, which is no problem in the metrics either")
    func limited() async throws {
        var fixture = fixture
        fixture.timings.metrics = .milliseconds(20)
        fixture.objects.mayList = false
        let limited = fixture
        let sample = try SealedSample(fixture)
        try await limited.run { edge in _ = try await edge.upload(sample) }
        let looks = limited.objects.looks
        try await limited.run { edge in
            try await eventually("upkeep is done") { limited.objects.looks > looks }
            let report = try await edge.scope.archiveReport()
            #expect(report.problems == [])
            #expect(report.notes.count == 1 && report.notes.first?.contains("cannot be listed") == true)
            try await eventually("the metrics are set") {
                limited.metrics.exposition().contains("guardian_archive_problems 0\n")
            }
        }
    }

    @Test("gives up for now where every request is denied")
    func denied() async throws {
        let samples = try (0..<21).map { _ in try SealedSample(fixture, pieces: 1) }
        try await fixture.run { edge in for sample in samples { _ = try await edge.upload(sample) } }
        for sample in samples { try await fixture.objects.delete(try key(sample.name)) }
        fixture.objects.mayList = false
        try await fixture.run { _ in
            try await eventually("it says so") { fixture.log.count("archive upkeep failed") > 0 }
            let states = Set(try await fixture.rows().map(\.state))
            #expect(states == ["stored"])
        }
    }

    @Test(
        "neither loses nor counts as denied what is removed to make room while it is requested",
        .timeLimit(.minutes(10)), arguments: [true, false])
    func removedMeanwhile(isDenied: Bool) async throws {
        var fixture = fixture
        fixture.quota.all.objects = 2
        fixture.quota.whenFull = .removeOldest
        let counted = fixture
        let samples = try (0..<3).map { _ in try SealedSample(fixture, pieces: 1) }
        try await counted.run { edge in for sample in samples[..<2] { _ = try await edge.upload(sample) } }
        let (requested, removed) = (Watermark(0), Watermark(0))
        let name = samples[0].name
        counted.objects.mayList = false
        counted.objects.beforeLooking { key in
            guard key.name.text == name else { return }
            requested.advance(to: 1)
            try? await removed.wait(beyond: 0)
        }
        let looks = counted.objects.looks
        try await counted.run { edge in
            try await requested.wait(beyond: 0)
            #expect(try await edge.upload(samples[2]).receipt.size > 0)
            #expect(try await counted.rows().count == 2)
            // A server that denies what it does not have, or says that it has none.
            counted.objects.mayList = !isDenied
            removed.advance(to: 1)
            try await eventually("upkeep is done") { counted.objects.looks > looks }
            let report = try await edge.scope.archiveReport()
            #expect(!report.problems.contains { $0.contains("denied") })
            #expect(try await counted.rows().map(\.state) == ["stored", "stored"])
        }
        #expect(counted.log.count("archived object is lost") == 0)
    }

    @Test("removes what is older than `keepDays`, except what is on hold")
    func expires() async throws {
        let samples = try (0..<2).map { _ in try SealedSample(fixture) }
        try await fixture.run { edge in
            for sample in samples { _ = try await edge.upload(sample) }
            try await edge.scope.hold(samples[1].clip)
        }
        var later = fixture
        later.quota.days = 30
        try await confirm(days: 31)
        later.clock = ShiftedClock(days: 29)
        let looks = fixture.objects.looks
        try await later.run { _ in
            // The last step of upkeep is removing abandoned uploads.
            try await eventually("it was looked at") { fixture.objects.looks > looks }
        }
        #expect(try await fixture.stored().count == 2)
        later.clock = ShiftedClock(days: 31)
        try await later.run { _ in
            try await eventually("one is gone") { try await fixture.rows().count == 1 }
        }
        #expect(Array(try await fixture.stored().keys) == [samples[1].name])
    }

    /// Lets a recorder sign an entry that many days from now.
    private func confirm(days: Int64) async throws {
        try await fixture.run { edge in
            let entries = try await fixture.node.journal().append(
                [.eventUpdated(Sample.event())], at: ShiftedClock(days: days).now())
            _ = try await edge.scope.cache.accept(entries, from: fixture.node.key.publicKey)
        }
    }

    @Test("removes nothing by a clock that is a year ahead, and says so, until something else confirms it")
    func wrongClock() async throws {
        let sample = try SealedSample(fixture)
        var ahead = fixture
        ahead.quota.days = 30
        try await ahead.run { edge in
            _ = try await edge.upload(sample)
            try await eventually("the time is noted") {
                try await fixture.number("SELECT count(*) FROM believed_time") == 1
            }
        }
        ahead.clock = ShiftedClock(days: 365)
        ahead.timings.doubt = .milliseconds(20)
        let looks = fixture.objects.looks
        try await ahead.run { edge in
            try await eventually("it says so") { fixture.log.count("clock of the node is not believed") == 1 }
            try await eventually("upkeep is done") { fixture.objects.looks > looks }
            #expect(try await edge.scope.archiveReport().problems.first?.contains("Set the clock") == true)
            #expect(try await fixture.rows().map(\.state) == ["stored"])
            let entries = try await fixture.node.journal().append(
                [.eventUpdated(Sample.event())], at: ShiftedClock(days: 365).now())
            _ = try await edge.scope.cache.accept(entries, from: fixture.node.key.publicKey)
            try await eventually("it expires") { try await fixture.rows().isEmpty }
            #expect(try await edge.scope.archiveReport().problems == [])
        }
        #expect(fixture.log.count("is believed again") == 1)
    }

    @Test("removes what it can, and does its other work, although an expired object cannot be removed")
    func undeletable() async throws {
        let samples = try (0..<3).map { _ in try SealedSample(fixture) }
        try await fixture.run { edge in for sample in samples { _ = try await edge.upload(sample) } }
        try await fixture.change("UPDATE parts SET stored_at = id")
        fixture.objects.locked = [samples[0].name]
        var later = fixture
        later.quota.days = 30
        try await later.run { _ in
            try await eventually("the others are removed") {
                Array(try await fixture.stored().keys) == [samples[0].name]
            }
        }
        #expect(fixture.log.count("parts cannot be removed") == 1)
        fixture.objects.locked = []
        try await later.run { _ in
            try await eventually("it is gone after the next start") { try await fixture.rows().isEmpty }
        }
    }

    @Test(
        "finishes a removal that a crash interrupted, whether the object was deleted or not", arguments: [true, false])
    func interruptedRemoval(isDeleted: Bool) async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { _ = try await $0.upload(sample) }
        try await fixture.change("UPDATE parts SET removal = 'begun'")
        if isDeleted { try await fixture.objects.delete(try key(sample.name)) }
        try await fixture.run { _ in
            try await eventually("its row is gone") { try await fixture.rows().isEmpty }
        }
        #expect(try await fixture.stored().isEmpty)
        #expect(fixture.log.count("archived object is lost") == 0)
    }

    @Test("keeps the pictures of events whose clip is on hold")
    func heldPictures() async throws {
        let samples = try (0..<2).map { _ in try SealedSample(fixture) }
        let events = samples.map { Sample.event(state: .closed, clips: [$0.clip]) }
        try await fixture.run { edge in
            for (sample, event) in zip(samples, events) {
                _ = try await edge.upload(sample)
                let sealer = try ClipSealer(
                    ClipFields(snapshotOf: event.id, camera: event.camera), to: [fixture.owner.xWing],
                    signer: fixture.signer)
                _ = try await edge.uploadPicture(
                    of: event, try sealer.opening + sealer.append([1, 2, 3]) + sealer.finish())
            }
            try await edge.scope.hold(samples[1].clip)
        }
        // As the events' journal entries would.
        for event in events {
            let (event, clip) = (event.id.description, event.clips[0].clip.description)
            try await fixture.change(
                """
                INSERT INTO event_clips (event, clip)
                VALUES (x'\(event.replacing("-", with: ""))', x'\(clip.replacing("-", with: ""))')
                """)
        }
        var later = fixture
        later.quota.days = 30
        try await confirm(days: 31)
        later.clock = ShiftedClock(days: 31)
        try await later.run { _ in
            try await eventually("what is not held is gone") { try await fixture.rows().count == 2 }
        }
        #expect(
            Set(try await fixture.stored().keys) == [samples[1].name, "events/\(events[1].id)/snapshot.grdn"])
    }

    @Test("removes abandoned uploads that no row names, and nothing else")
    func leftovers() async throws {
        var hasty = fixture
        hasty.timings.leftovers = .seconds(-60)
        let sample = try SealedSample(fixture, pieces: 6, segments: 256)
        let upload = try await fixture.objects.begin(try key("clips/\(ClipID.v7(at: Sample.start))/0.grdn"))
        try await upload.append(ByteBuffer(string: "left"))
        try await fixture.run { edge in
            try await edge.stream(of: sample) { stream in
                _ = try await stream.durable()
                for message in sample.messages.dropLast() {
                    try await stream.send(message)
                    _ = try await stream.durable()
                }
            }
            try await eventually("it grows at the store") {
                try await fixture.number("SELECT max(shipped) FROM parts") >= 5 << 20
            }
        }
        #expect(fixture.unfinished().count == 2)
        try await hasty.run { edge in
            try await eventually("the leftover is gone") { fixture.unfinished().count == 1 }
            #expect(try await edge.upload(sample).receipt.size == UInt64(sample.file.count))
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }
}
