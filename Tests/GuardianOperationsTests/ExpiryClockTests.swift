import GuardianCore
import GuardianOperations
import GuardianTestKit
import Synchronization
import Testing

@Suite("The time by which recordings expire")
struct ExpiryClockTests {
    private static let day: Int64 = 86_400_000
    private let clock = ManualClock(Sample.start)
    private let monotonic = TestClock()
    private let notes = Notes()

    /// What is noted for later starts, and the changes that were reported.
    private final class Notes: Sendable {
        let time = Mutex<Timestamp?>(nil)
        let changes = Mutex<[ExpiryClock.Change]>([])
    }

    private func expiry() -> ExpiryClock {
        ExpiryClock(
            memory: .init(
                read: { [notes] in notes.time.withLock { $0 } },
                write: { [notes] time in notes.time.withLock { $0 = time } }), clock: clock, monotonic: monotonic
        ) { [notes] change in notes.changes.withLock { $0.append(change) } }
    }

    private var noted: Timestamp? { notes.time.withLock { $0 } }
    private var changes: [ExpiryClock.Change] { notes.changes.withLock { $0 } }

    @Test("is the clock's at the first start, and follows it")
    func first() async throws {
        let expiry = expiry()
        #expect(try await expiry.now(supportedBy: []) == Sample.start)
        #expect(noted == Sample.start)
        clock.set(Sample.start + 3_600_000)
        monotonic.advance(by: .seconds(3_600))
        #expect(try await expiry.now(supportedBy: []) == Sample.start + 3_600_000)
        #expect(noted == Sample.start + 3_600_000)
        #expect(changes.isEmpty)
    }

    @Test("is no later than what something else supports")
    func supported() async throws {
        let expiry = expiry()
        _ = try await expiry.now(supportedBy: [])
        clock.set(Sample.start + Self.day)
        #expect(try await expiry.now(supportedBy: []) == Sample.start)
        #expect(try await expiry.now(supportedBy: [Sample.start + 5_000]) == Sample.start + 5_000)
        #expect(try await expiry.now(supportedBy: [Sample.start + 9 * Self.day]) == Sample.start + Self.day)
    }

    @Test("is none while the clock is more than a day ahead, which is reported once, until something supports it")
    func doubted() async throws {
        let expiry = expiry()
        _ = try await expiry.now(supportedBy: [])
        let ahead = Sample.start + Self.day + 1
        clock.set(ahead)
        for _ in 0..<2 { #expect(try await expiry.now(supportedBy: [Sample.start]) == nil) }
        let doubt = try #require(await expiry.doubt)
        #expect(doubt.clock == ahead && doubt.supported == Sample.start)
        #expect(changes == [.doubted(doubt)])
        try await expiry.note()
        #expect(noted == Sample.start, "what is in doubt is not noted")
        #expect(try await expiry.now(supportedBy: [ahead]) == ahead)
        #expect(changes == [.doubted(doubt), .believed(ahead)])
        #expect(await expiry.doubt == nil)
    }

    @Test("is remembered over a restart")
    func restart() async throws {
        _ = try await expiry().now(supportedBy: [])
        clock.set(Sample.start + 365 * Self.day)
        #expect(try await expiry().now(supportedBy: []) == nil)
        // A person notes that the clock is right.
        notes.time.withLock { $0 = clock.now() }
        #expect(try await expiry().now(supportedBy: []) == clock.now())
    }

    @Test("is not taken back by a clock that is behind for a while")
    func behind() async throws {
        _ = try await expiry().now(supportedBy: [])
        let again = expiry()
        let past = Timestamp(milliseconds: 0)
        clock.set(past)
        #expect(try await again.now(supportedBy: []) == past, "what the clock says counts if it is earlier")
        #expect(noted == Sample.start)
        monotonic.advance(by: .seconds(86_400))
        clock.set(Sample.start + Self.day)
        #expect(try await again.now(supportedBy: []) == Sample.start + Self.day)
        #expect(changes.isEmpty)
    }
}
