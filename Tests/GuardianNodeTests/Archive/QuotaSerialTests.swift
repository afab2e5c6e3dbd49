import Foundation
import GuardianArchive
import GuardianCore
import GuardianNode
import GuardianTestKit
import Synchronization
import Testing

@Suite("The archive's quota")
struct QuotaSerialTests {
    private var fixture: ArchiveFixture

    init() throws { fixture = try ArchiveFixture() }

    @Test("accepts a part that fills it to the byte, and no byte more")
    func toTheByte() async throws {
        var fixture = fixture
        let (first, second) = (try SealedSample(fixture), try SealedSample(fixture))
        fixture.quota.all.bytes = Int64(first.file.count)
        try await fixture.run { edge in
            #expect(try await edge.upload(first).receipt.size == UInt64(first.file.count))
            let reply = try await edge.upload(second)
            #expect(reply.refusal.reason == .quota)
            #expect(reply.refusal.detail.contains("full"))
            #expect(try await edge.scope.archiveUsage().all.bytes == Int64(first.file.count))
        }
        #expect(try await fixture.rows().map(\.state) == ["stored", "refused"])
        #expect(try await fixture.stored() == [first.name: first.file])
    }

    @Test("gives up a part that outgrows it, with its upload, and accepts it once there is space")
    func outgrown() async throws {
        var fixture = fixture
        let sample = try SealedSample(fixture)
        fixture.quota.all.bytes = Int64(sample.file.count) - 1
        let tight = fixture
        try await tight.run { edge in
            let reply = try await edge.upload(sample)
            #expect(reply.refusal.reason == .quota)
            // It is not sent again, because the node knows how much space it needs.
            let again = try await edge.stream(of: sample) { try await $0.answer() }
            #expect(again.refusal.reason == .quota)
            #expect(try await edge.scope.archiveUsage().all == .init(bytes: 0, objects: 0, limit: tight.quota.all))
        }
        let row = try #require(try await fixture.rows().first)
        #expect(row.state == "refused")
        #expect(row.reason?.contains("full") == true)
        #expect(fixture.spooled().isEmpty)
        fixture.quota.all.bytes = Int64(sample.file.count)
        let roomy = fixture
        let reply = try await roomy.run { try await $0.upload(sample) }
        #expect(reply.receipt.size == UInt64(sample.file.count))
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }

    @Test("is never exceeded by concurrent parts")
    func races() async throws {
        var fixture = fixture
        let samples = try (0..<8).map { _ in try SealedSample(fixture, pieces: 6) }
        let size = Int64(samples[0].file.count)
        fixture.quota.all.bytes = 3 * size + size / 2
        let racing = fixture
        let limit = 3 * size + size / 2
        try await racing.run { edge in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for sample in samples {
                    group.addTask {
                        let reply = try await edge.upload(sample)
                        let usage = try await edge.scope.archiveUsage().all.bytes
                        #expect(usage <= limit)
                        return reply.refusal.reason == .quota
                    }
                }
                let refused = try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                #expect(refused >= 5)
            }
            // Parts that grow side by side may all be refused; the room that is left then takes further ones, up to three.
            var stored = try await racing.stored().count
            #expect(stored <= 3)
            while stored < 3 {
                #expect(try await edge.upload(SealedSample(racing, pieces: 6)).receipt.size == UInt64(size))
                stored += 1
            }
            #expect(try await edge.upload(SealedSample(racing, pieces: 6)).refusal.reason == .quota)
        }
        let stored = try await fixture.stored()
        #expect(stored.count == 3)
        #expect(stored.values.allSatisfy { $0.count == Int(size) })
        #expect(try await fixture.number("SELECT sum(bytes) FROM archive_usage") == Int64(stored.count) * size)
        #expect(try await fixture.number("SELECT sum(objects) FROM archive_usage") == Int64(stored.count))
        #expect(fixture.spooled().isEmpty)
    }

    @Test("counts each camera by itself, and objects as well as bytes")
    func cameras() async throws {
        var fixture = fixture
        fixture.quota.camera.objects = 1
        let counted = fixture
        try await counted.run { edge in
            let (first, second) = (try SealedSample(counted), try SealedSample(counted))
            let other = try SealedSample(counted, camera: Sample.yard)
            #expect(try await edge.upload(first).receipt.size > 0)
            #expect(try await edge.upload(second).refusal.reason == .quota)
            #expect(try await edge.upload(other).receipt.size > 0)
            let usage = try await edge.scope.archiveUsage()
            #expect(usage.cameras[Sample.front]?.objects == 1)
            #expect(usage.cameras[Sample.yard]?.isNearlyFull == true)
            #expect(!usage.all.isNearlyFull)
        }
    }

    @Test("warns once at 80 %")
    func warns() async throws {
        var fixture = fixture
        fixture.quota.all.objects = 10
        let counted = fixture
        try await counted.run { edge in
            for number in 1...9 {
                _ = try await edge.upload(try SealedSample(counted, pieces: 1))
                #expect(counted.log.count("nearly full") == (number < 8 ? 0 : 1), "\(number)")
            }
        }
    }

    @Test("removes the oldest if configured, but never what is on hold")
    func oldest() async throws {
        var fixture = fixture
        fixture.quota.all.objects = 2
        fixture.quota.whenFull = .removeOldest
        let counted = fixture
        let samples = try (0..<4).map { _ in try SealedSample(counted) }
        try await counted.run { edge in
            _ = try await edge.upload(samples[0])
            try await edge.scope.hold(samples[0].clip)
            for sample in samples[1...2] { #expect(try await edge.upload(sample).receipt.size > 0) }
            #expect(Set(try await counted.stored().keys) == [samples[0].name, samples[2].name])
            try await edge.scope.hold(samples[2].clip)
            #expect(try await edge.upload(samples[3]).refusal.reason == .quota)
            try await edge.scope.hold(samples[0].clip, false)
            #expect(try await edge.upload(samples[3]).receipt.size > 0)
        }
        #expect(Set(try await counted.stored().keys) == [samples[2].name, samples[3].name])
    }

    @Test("removes nothing for a clip that is known not to fit even so, however often it asks")
    func hopeless() async throws {
        let small = try (0..<2).map { _ in try SealedSample(fixture, pieces: 1) }
        let large = try SealedSample(fixture, pieces: 1, segments: 8)
        let counted = fixture.removingOldest(beyond: 2 * small[0].file.count)
        try await counted.run { edge in
            _ = try await edge.upload(small[0])
            // How large a clip becomes is only known once it was refused.
            #expect(try await edge.upload(large).refusal.reason == .quota)
            _ = try await edge.upload(small[1])
            let before = Set(try await counted.stored().keys)
            #expect(before.contains(small[1].name))
            for _ in 0..<3 { #expect(try await edge.upload(large).refusal.reason == .quota) }
            #expect(Set(try await counted.stored().keys) == before)
        }
    }

    @Test("removes nothing for a clip that cannot fit when its size is announced, at its first attempt")
    func announced() async throws {
        let small = try (0..<2).map { _ in try SealedSample(fixture, pieces: 1) }
        let large = try SealedSample(fixture, pieces: 1, segments: 8)
        let counted = fixture.removingOldest(beyond: 2 * small[0].file.count)
        try await counted.run { edge in
            for sample in small { _ = try await edge.upload(sample) }
            let size = UInt64(large.file.count)
            #expect(try await edge.greeting(of: large, size: size).refusal.reason == .quota)
            // What is known of a clip is not forgotten when its size is not announced again.
            #expect(try await edge.greeting(of: large).refusal.reason == .quota)
            #expect(Set(try await counted.stored().keys) == Set(small.map(\.name)))
            // One that fits makes room for itself.
            let fitting = try SealedSample(counted, pieces: 1)
            let reply = try await edge.stream(of: fitting, size: UInt64(fitting.file.count)) {
                try await $0.upload(fitting)
            }
            #expect(reply.receipt.size == UInt64(fitting.file.count))
            #expect(Set(try await counted.stored().keys) == [small[1].name, fitting.name])
        }
    }

    @Test("removes nothing for an announced size before its bytes arrive, and then only what they need")
    func promised() async throws {
        let old = try (0..<3).map { _ in try SealedSample(fixture, pieces: 1) }
        let size = old[0].file.count
        let counted = fixture.removingOldest(beyond: 3 * size)
        try await counted.run { edge in
            for sample in old { _ = try await edge.upload(sample) }
            let new = try SealedSample(counted, pieces: 1)
            for _ in 0..<3 {
                let greeting = try await edge.greeting(of: new, size: UInt64(3 * size))
                guard case .durable(0) = greeting.kind else {
                    Issue.record("It is not accepted: \(greeting)")
                    return
                }
            }
            #expect(Set(try await counted.stored().keys) == Set(old.map(\.name)))
            // It turns out to be smaller.
            let reply = try await edge.stream(of: new, size: UInt64(3 * size)) { try await $0.upload(new) }
            #expect(reply.receipt.size == UInt64(size))
            #expect(Set(try await counted.stored().keys) == Set([old[1], old[2], new].map(\.name)))
        }
    }

    @Test("removes nothing more for an announced size that no longer fits, and remembers it")
    func overtaken() async throws {
        let old = try (0..<3).map { _ in try SealedSample(fixture, pieces: 1) }
        let size = old[0].file.count
        let counted = fixture.removingOldest(beyond: 3 * size)
        try await counted.run { edge in
            for sample in old { _ = try await edge.upload(sample) }
            let new = try SealedSample(counted, pieces: 1)
            let reply = try await edge.stream(of: new, size: UInt64(2 * size)) { stream in
                #expect(try await stream.durable() == 0)
                for sample in old[1...] { try await edge.scope.hold(sample.clip) }
                try await stream.send(new.messages[0])
                return try await stream.answer()
            }
            #expect(reply.refusal.reason == .quota)
            #expect(try await edge.greeting(of: new).refusal.reason == .quota)
            #expect(Set(try await counted.stored().keys) == Set(old.map(\.name)))
        }
        #expect(try await counted.number("SELECT wanted FROM parts WHERE state = 'refused'") == 2 * Int64(size))
    }

    @Test("learns the exact size of a complete clip from its recorder before the first byte", .timeLimit(.minutes(10)))
    func exact() async throws {
        var fixture = fixture
        fixture.quota.all.bytes = 1_000
        let recorder = try RecorderSide(fixture)
        let clip = try await recorder.oldClip(50_000)
        try await fixture.run { edge in
            try await recorder.archiving(recorder.settings(port: edge.port)) { _ in
                try await eventually("it is refused") { try await recorder.state(of: clip)?.state == .refused }
            }
        }
        let announced = try await fixture.number("SELECT wanted FROM parts")
        try await recorder.ledger.set(clip, to: .waiting)
        fixture.quota.all.bytes = announced
        try await fixture.run { edge in
            try await recorder.archiving(recorder.settings(port: edge.port)) { _ in
                try await eventually("it is stored") { try await recorder.state(of: clip)?.state == .stored }
            }
        }
        #expect(try await fixture.stored().values.map(\.count) == [Int(announced)])
    }

    @Test("refuses an announced size that no file has, without a trace", arguments: [UInt64(1) << 45, .max])
    func absurd(size: UInt64) async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { edge in
            let error = try await edge.refusal(of: sample, size: size) { _ in }
            #expect(error.code == .invalidArgument)
            #expect(try await edge.upload(sample).receipt.size == UInt64(sample.file.count))
        }
    }

    @Test("makes room for several parts at once: none counts on what another one freed")
    func together() async throws {
        var fixture = fixture
        fixture.quota.all.objects = 4
        fixture.quota.whenFull = .removeOldest
        let counted = fixture
        let old = try (0..<4).map { _ in try SealedSample(counted) }
        let new = try (0..<4).map { _ in try SealedSample(counted) }
        try await counted.run { edge in
            for sample in old { _ = try await edge.upload(sample) }
            try await withThrowingTaskGroup(of: UInt64.self) { group in
                for sample in new { group.addTask { try await edge.upload(sample).receipt.size } }
                for try await size in group { #expect(size > 0) }
            }
        }
        #expect(Set(try await fixture.stored().keys) == Set(new.map(\.name)))
    }

    @Test("accepts no hold on a clip whose removal has begun")
    func tooLate() async throws {
        var fixture = fixture
        fixture.quota.all.objects = 1
        fixture.quota.whenFull = .removeOldest
        let counted = fixture
        let (old, new) = (try SealedSample(counted), try SealedSample(counted))
        let outcome = Mutex<GuardianError.Code?>(nil)
        try await counted.run { edge in
            _ = try await edge.upload(old)
            counted.objects.beforeDeleting { _ in
                do { try await edge.scope.hold(old.clip) } catch let error as GuardianError {
                    outcome.withLock { $0 = error.code }
                } catch {}
            }
            #expect(try await edge.upload(new).receipt.size > 0)
        }
        #expect(outcome.withLock { $0 } == .failedPrecondition)
        #expect(Array(try await fixture.stored().keys) == [new.name])
    }

    @Test("passes over a clip that cannot be removed, and removes the next oldest")
    func locked() async throws {
        var fixture = fixture
        fixture.quota.all.objects = 2
        fixture.quota.whenFull = .removeOldest
        let counted = fixture
        let samples = try (0..<4).map { _ in try SealedSample(counted) }
        counted.objects.locked = [samples[0].name]
        try await counted.run { edge in
            for sample in samples {
                let reply = try await edge.upload(sample)
                #expect(reply.receipt.size > 0)
            }
        }
        #expect(Set(try await fixture.stored().keys) == [samples[0].name, samples[3].name])
        #expect(fixture.log.count("making room in the archive failed") == 1)
    }

    @Test(
        "holds later parts of a clip too, counts what is held and refused, and reports unknown clips"
    )
    func held() async throws {
        var fixture = fixture
        let sample = try SealedSample(fixture)
        let second = try SealedSample(fixture, clip: sample.clip, part: 1)
        fixture.quota.all.objects = 2
        let counted = fixture
        try await counted.run { edge in
            _ = try await edge.upload(sample)
            try await edge.scope.hold(sample.clip)
            _ = try await edge.stream(of: second, part: 1) { try await $0.upload(second) }
            #expect(try await edge.upload(try SealedSample(counted)).refusal.reason == .quota)
            let usage = try await edge.scope.archiveUsage()
            #expect(usage.held == .init(clips: 1, bytes: Int64(sample.file.count + second.file.count)))
            #expect(usage.refused.clips == 1)
            #expect(usage.refused.reason?.contains("2 objects") == true)
            let unknown = await #expect(throws: GuardianError.self) {
                try await edge.scope.hold(.v7(at: Sample.start))
            }
            #expect(unknown?.code == .notFound)
        }
    }

    @Test("is shown in the metrics, with 0 for a camera of which nothing is left")
    func metrics() async throws {
        var fixture = fixture
        fixture.timings.metrics = .milliseconds(20)
        fixture.quota.all = .init(bytes: 1 << 20, objects: 1)
        fixture.quota.whenFull = .removeOldest
        let counted = fixture
        let (front, yard) = (try SealedSample(counted), try SealedSample(counted, camera: Sample.yard))
        try await counted.run { edge in
            _ = try await edge.upload(front)
            try await eventually("the front's bytes are shown") {
                let text = counted.metrics.exposition()
                return text.contains("guardian_archive_bytes \(front.file.count)\n")
                    && text.contains("guardian_archive_limit_bytes 1048576\n")
                    && text.contains("guardian_archive_camera_bytes{camera=\"\(Sample.front)\"} \(front.file.count)\n")
            }
            _ = try await edge.upload(yard)
            try await eventually("it has made room for the yard's") {
                let text = counted.metrics.exposition()
                return text.contains("guardian_archive_camera_bytes{camera=\"\(Sample.front)\"} 0\n")
                    && text.contains("guardian_archive_camera_objects{camera=\"\(Sample.yard)\"} 1\n")
            }
        }
    }
}

extension ArchiveFixture {
    /// The same with an archive of so many bytes, which removes its oldest clips for new ones.
    fileprivate func removingOldest(beyond bytes: Int) -> ArchiveFixture {
        var fixture = self
        fixture.quota.all.bytes = Int64(bytes)
        fixture.quota.whenFull = .removeOldest
        return fixture
    }
}
