import GuardianCore
import GuardianTestKit
import Testing

@Suite("The clock of the tests", .timeLimit(.minutes(10)))
struct TestClockTests {
    private let clock = TestClock()

    /// Starts a task that sleeps; its value is the clock's time when it woke, counted from `start`.
    private func sleeping(_ duration: Duration, from start: ContinuousClock.Instant) -> Task<Duration, any Error> {
        Task { [clock] in
            try await clock.sleep(for: duration)
            return clock.elapsed(since: start)
        }
    }

    @Test("stands still until it is advanced")
    func advancing() {
        let start = clock.now()
        #expect(clock.now() == start)
        clock.advance(by: .seconds(2))
        #expect(clock.elapsed(since: start) == .seconds(2))
    }

    @Test("wakes a sleeper when its time has come, and not a nanosecond earlier")
    func sleeping() async throws {
        let start = clock.now()
        let sleeper = sleeping(.seconds(1), from: start)
        try await clock.waitForSleepers(1)
        clock.advance(by: .seconds(1) - .nanoseconds(1))
        #expect(clock.sleepers == 1)
        clock.advance(by: .nanoseconds(1))
        #expect(clock.sleepers == 0)
        #expect(try await sleeper.value == .seconds(1))
    }

    @Test("wakes all sleepers whose time has come, and lets the others sleep")
    func several() async throws {
        let start = clock.now()
        let tasks = [3, 1, 2].map { sleeping(.seconds($0), from: start) }
        try await clock.waitForSleepers(3)
        clock.advance(by: .seconds(2))
        #expect(clock.sleepers == 1)
        #expect(try await tasks[1].value == .seconds(2))
        #expect(try await tasks[2].value == .seconds(2))
        clock.advance(by: .seconds(10))
        #expect(try await tasks[0].value == .seconds(12))
    }

    @Test("lets nobody wait for an instant that has passed")
    func past() async throws {
        try await clock.sleep(until: clock.now())
        try await clock.sleep(for: .seconds(-1))
        #expect(clock.sleepers == 0 && clock.waits == [.zero, .seconds(-1)])
    }

    @Test("throws CancellationError in a cancelled sleeper, and forgets it")
    func cancellation() async throws {
        let asleep = sleeping(.seconds(1), from: clock.now())
        try await clock.waitForSleepers(1)
        asleep.cancel()
        await #expect(throws: CancellationError.self) { try await asleep.value }
        #expect(clock.sleepers == 0)
        clock.advance(by: .seconds(1))
        // Cancelled before it sleeps, which is so even if the time has come already.
        let early = Task { [clock] in
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(until: clock.now())
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        #expect(clock.sleepers == 0 && clock.waits == [.seconds(1)])
    }

    @Test("waits for as many sleepers as are asked for, and no longer when cancelled")
    func watching() async throws {
        try await clock.waitForSleepers(0)
        async let watcher: Void = clock.waitForSleepers(2)
        let tasks = (0..<2).map { _ in sleeping(.seconds(1), from: clock.now()) }
        try await watcher
        #expect(clock.sleepers == 2)
        clock.advance(by: .seconds(1))
        for task in tasks { _ = try await task.value }
        let endless = Task { [clock] in try await clock.waitForSleepers(1) }
        endless.cancel()
        await #expect(throws: CancellationError.self) { try await endless.value }
    }

    @Test("advances itself if it is a stepping one, and records the waits")
    func stepping() async throws {
        let stepping = TestClock(stepping: true)
        let start = stepping.now()
        try await stepping.sleep(for: .seconds(3))
        try await stepping.sleep(for: .milliseconds(5))
        #expect(stepping.waits == [.seconds(3), .milliseconds(5)])
        #expect(stepping.elapsed(since: start) == .milliseconds(3_005))
    }

    @Test("is like the machine's clock, whose sleep ends at or after its time, or when it is cancelled")
    func machine() async throws {
        let clock = SystemMonotonicClock()
        let end = clock.now() + .milliseconds(2)
        try await clock.sleep(until: end)
        #expect(clock.now() >= end)
        let sleeper = Task { try await clock.sleep(for: .seconds(3_600)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
