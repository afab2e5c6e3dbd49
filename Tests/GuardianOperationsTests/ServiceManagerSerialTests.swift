import Foundation
import GuardianOperations
import GuardianTestKit
import ServiceLifecycle
import Synchronization
import Testing

/// The socket of a service manager, which keeps what it is told.
private final class ManagerSocket: Sendable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        try #require(bytes.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(bound == 0)
    }

    deinit { close(descriptor) }

    /// Returns the next message; `nil` when there is none yet.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}

/// Whether a process makes progress.
private final class Working: Sendable {
    private let state = Mutex(true)

    var value: Bool { state.withLock { $0 } }
    func set(_ value: Bool) { state.withLock { $0 = value } }
}

@Suite("What the service manager is told", .timeLimit(.minutes(10)))
struct ServiceManagerSerialTests {
    private let folder = TemporaryFolder()
    private let clock = TestClock()
    private let log = LogBook()

    @Test("is that the process is ready, that it works three times as often as is asked for, and that it ends")
    func messages() async throws {
        let socket = try ManagerSocket(path: folder.path("notify"))
        let works = Working()
        let asked = [
            "NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7",
        ]
        let made = ServiceManager(
            environment: asked, process: 7, isWorking: { works.value }, clock: clock, logger: log.logger)
        let manager = try #require(made)
        let group = ServiceGroup(configuration: .init(services: [manager], logger: log.logger))
        async let running: Void = group.run()
        try await clock.waitForSleepers(1)
        #expect(socket.next() == "READY=1" && socket.next() == nil)
        clock.advance(by: .seconds(20))
        try await clock.waitForSleepers(1)
        #expect(socket.next() == "WATCHDOG=1" && socket.next() == nil)
        // A process that makes no progress says nothing, and logs that once.
        works.set(false)
        for _ in 0..<2 {
            clock.advance(by: .seconds(20))
            try await clock.waitForSleepers(1)
            #expect(socket.next() == nil)
        }
        #expect(log.count(of: "process makes no progress") == 1)
        works.set(true)
        clock.advance(by: .seconds(20))
        try await clock.waitForSleepers(1)
        #expect(socket.next() == "WATCHDOG=1")
        #expect(clock.waits.allSatisfy { $0 == .seconds(20) })
        await group.triggerGracefulShutdown()
        try await running
        #expect(socket.next() == "STOPPING=1" && socket.next() == nil)
    }

    @Test(
        "is that the process is ready and ends, when it asks for no more or asks another process",
        arguments: [
            [:], ["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"], ["WATCHDOG_USEC": "-1"], ["WATCHDOG_USEC": "x"],
        ])
    func notAsked(watchdog: [String: String]) async throws {
        let socket = try ManagerSocket(path: folder.path("notify"))
        let environment = watchdog.merging(["NOTIFY_SOCKET": socket.path]) { own, _ in own }
        let made = ServiceManager(environment: environment, process: 7, clock: clock, logger: log.logger)
        let manager = try #require(made)
        let group = ServiceGroup(configuration: .init(services: [manager], logger: log.logger))
        async let running: Void = group.run()
        try await eventually("ready") { socket.next() == "READY=1" }
        await group.triggerGracefulShutdown()
        try await running
        #expect(socket.next() == "STOPPING=1" && socket.next() == nil && clock.waits.isEmpty)
    }

    @Test("is nothing where none has started the process", arguments: [[:], ["NOTIFY_SOCKET": "notify"]])
    func none(environment: [String: String]) {
        #expect(ServiceManager(environment: environment, logger: log.logger) == nil)
    }
}
