import GuardianCore
import GuardianOperations
import GuardianTestKit
import ServiceLifecycle
import Synchronization
import Testing

/// A service that fails until it is allowed to run.
private final class Fragile: Sendable {
    private let isAllowed = Mutex(false)
    private let attempts = Mutex(0)

    var made: Int { attempts.withLock { $0 } }
    func allow() { isAllowed.withLock { $0 = true } }

    func make() throws -> any Service {
        attempts.withLock { $0 += 1 }
        guard isAllowed.withLock({ $0 }) else {
            throw GuardianError(.failedPrecondition, "The port is in use.")
        }
        return Steady()
    }

    private struct Steady: Service {
        func run() async throws { try await gracefulShutdown() }
    }
}

@Suite("A supervised service", .timeLimit(.minutes(10)))
struct SupervisedServiceSerialTests {
    private let clock = TestClock()
    private let wall = ManualClock(Timestamp(milliseconds: 5_000))
    private let log = LogBook()

    @Test("that cannot start is tried again, shows why, and runs once it can")
    func retried() async throws {
        let fragile = Fragile()
        let service = SupervisedService("web server", clock: wall, monotonic: clock, logger: log.logger) {
            try fragile.make()
        }
        #expect(service.state.phase == .starting && service.state.reason == nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await eventually("tried again", advancing: clock, by: .seconds(1)) { fragile.made >= 3 }
            #expect(service.state.phase == .failing && service.state.reason == "The port is in use.")
            #expect(service.state.failures >= 2 && service.state.since == Timestamp(milliseconds: 5_000))
            wall.set(Timestamp(milliseconds: 9_000))
            fragile.allow()
            try await eventually("runs", advancing: clock, by: .seconds(1)) { service.state.phase == .running }
            #expect(service.state.since == Timestamp(milliseconds: 9_000))
            #expect(service.state.reason == "The port is in use.", "the last reason is kept")
            group.cancelAll()
        }
        #expect(log.count(of: "component failed, retrying") == 1, "the same reason is logged once")
        #expect(log.count(of: "component runs again") == 1)
    }

    @Test("that ends by itself has failed")
    func ended() async throws {
        struct Short: Service { func run() async throws {} }
        let service = SupervisedService("archive", clock: wall, monotonic: clock, logger: log.logger) { Short() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await eventually("failed", advancing: clock, by: .seconds(1)) { service.state.failures >= 2 }
            #expect(service.state.phase == .failing && service.state.reason?.isEmpty == false)
            group.cancelAll()
        }
    }
}
