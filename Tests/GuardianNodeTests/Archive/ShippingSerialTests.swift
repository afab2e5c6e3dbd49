import Foundation
import GuardianArchive
import GuardianCore
import GuardianNode
import GuardianTestKit
import NIOCore
import Synchronization
import Testing

@Suite("Shipping")
struct ShippingSerialTests {
    /// The machine's clock, which a test can set forward.
    private final class LeapingClock: MonotonicClock {
        private let ahead = Mutex(Duration.zero)

        func leap(by duration: Duration) { ahead.withLock { $0 += duration } }

        func now() -> ContinuousClock.Instant { .now.advanced(by: ahead.withLock { $0 }) }

        func sleep(until instant: ContinuousClock.Instant) async throws {
            try await Task.sleep(for: now().duration(to: instant))
        }
    }

    private var fixture: ArchiveFixture
    private let clock = LeapingClock()

    init() throws {
        fixture = try ArchiveFixture()
        fixture.monotonic = clock
    }

    @Test("retries a store that is down, and reports meanwhile why the part waits")
    func down() async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { edge in
            fixture.objects.isDown = true
            let reply = try await edge.stream(of: sample) { stream in
                for message in sample.messages {
                    _ = try await stream.durable()
                    try await stream.send(message)
                }
                _ = try await stream.durable()
                try await stream.end(sample.file.count)
                try await eventually("it is tried a few times") { fixture.objects.refusals > 3 }
                let row = try #require(try await fixture.rows().first)
                #expect(row.state == "sealed")
                #expect(row.reason == "The store is switched off.")
                #expect(try await edge.scope.archiveReport().problems == [])
                clock.leap(by: .seconds(31))
                let problems = try await edge.scope.archiveReport().problems
                #expect(problems.count == 1 && problems.first?.contains("The store is switched off.") == true)
                fixture.objects.isDown = false
                return try await stream.answer()
            }
            #expect(reply.receipt.size == UInt64(sample.file.count))
            // The node ends the stream with its answer, and a stream that has ended cancels what runs within it.
            try await eventually("it is no problem any more") { try await edge.scope.archiveReport().problems == [] }
        }
        #expect(try await fixture.rows().first?.reason == nil)
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }

    @Test("ships at the next start what the store did not have")
    func nextStart() async throws {
        let samples = try (0..<3).map { _ in try SealedSample(fixture) }
        fixture.objects.isDown = true
        try await fixture.run { edge in
            for sample in samples {
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
        }
        #expect(fixture.spooled().count == 3)
        fixture.objects.isDown = false
        try await fixture.run { _ in
            try await eventually("all are stored") { try await fixture.rows().allSatisfy { $0.state == "stored" } }
        }
        #expect(try await fixture.stored() == Dictionary(uniqueKeysWithValues: samples.map { ($0.name, $0.file) }))
        #expect(fixture.spooled().isEmpty)
    }

    @Test("stores nothing twice after a crash between the upload and the table's update")
    func fellBehind() async throws {
        let sample = try SealedSample(fixture)
        try await fixture.run { edge in _ = try await edge.upload(sample) }
        let before = try await fixture.objects.head(try key(sample))
        try await fixture.change(
            "UPDATE parts SET state = 'sealed', object_key = NULL, bucket = NULL, stored_at = NULL")
        try Data(sample.file).write(to: fixture.spoolFile(of: sample.clip))
        try await fixture.run { _ in
            try await eventually("it is stored") { try await fixture.rows().first?.state == "stored" }
        }
        #expect(try await fixture.objects.head(try key(sample)) == before)
        #expect(try await fixture.rows().first?.objectKey == sample.name)
        #expect(try await fixture.stored().count == 1)
        #expect(fixture.spooled().isEmpty)
    }

    @Test("replaces no foreign object, tells the edge for good, and ships the others")
    func occupied() async throws {
        let (blocked, free) = (try SealedSample(fixture), try SealedSample(fixture))
        _ = try await fixture.objects.put(try key(blocked), ByteBuffer(string: "something else"))
        try await fixture.run { edge in
            let reply = try await edge.stream(of: blocked) { stream in
                for message in blocked.messages {
                    _ = try await stream.durable()
                    try await stream.send(message)
                }
                _ = try await stream.durable()
                try await stream.end(blocked.file.count)
                return try await stream.settlement()
            }
            // After the stream and not within it: gRPC cancels what a stream does as soon as the node has ended it.
            #expect(try await edge.upload(free).receipt.size == UInt64(free.file.count))
            #expect(reply.refusal.reason == .invalid)
            #expect(reply.refusal.detail.contains("already"))
        }
        #expect(try await fixture.rows().map(\.state) == ["sealed", "stored"])
        #expect(try await fixture.number("SELECT stuck FROM parts ORDER BY id LIMIT 1") == 2)
        #expect(try await fixture.stored()[blocked.name] == Array("something else".utf8))
    }

    @Test("gives up a part that the spool has lost, and takes it again")
    func spoolLost() async throws {
        let sample = try SealedSample(fixture)
        fixture.objects.isDown = true
        try await fixture.run { edge in
            try await edge.stream(of: sample) { stream in
                for message in sample.messages {
                    _ = try await stream.durable()
                    try await stream.send(message)
                }
                _ = try await stream.durable()
                try await stream.end(sample.file.count)
                try await eventually("it is sealed") { try await fixture.rows().first?.state == "sealed" }
            }
        }
        for file in fixture.spooled() { try FileManager.default.removeItem(at: file) }
        fixture.objects.isDown = false
        try await fixture.run { edge in
            try await eventually("it has failed") { try await fixture.rows().first?.state == "failed" }
            #expect(try await edge.upload(sample).receipt.size == UInt64(sample.file.count))
        }
        #expect(try await fixture.stored() == [sample.name: sample.file])
    }

    private func key(_ sample: SealedSample) throws -> ObjectKey {
        ObjectKey(bucket: fixture.bucket, name: try #require(ObjectName(sample.name)))
    }
}
