import Foundation
import GuardianCore
import GuardianOperations
import GuardianTestKit
import Logging
import Testing

@Suite("Supervision")
struct SupervisionSerialTests {
    @Test("a child that is killed comes back, and ends with its supervisor", .timeLimit(.minutes(10)))
    func restarts() async throws {
        let (states, continuation) = AsyncStream.makeStream(of: SupervisedProcess.State.self)
        let supervised = SupervisedProcess(
            ProcessSpecification(name: "sleeper", executable: "/bin/sleep", arguments: ["600"]),
            backoff: Backoff(base: .milliseconds(1), limit: .milliseconds(5)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { continuation.yield($0) }
        let running = Task { try await supervised.run() }
        var pids: [Int32] = []
        for await state in states {
            guard let pid = state.pid, !pids.contains(pid) else { continue }
            pids.append(pid)
            if pids.count == 3 { break }
            kill(pid, SIGKILL)
        }
        #expect(supervised.state.restarts == 2)
        running.cancel()
        try await running.value
        let last = try #require(pids.last)
        #expect(kill(last, 0) == -1)
        #expect(supervised.state.pid == nil)
    }

    @Test("a child that is stopped is replaced by another when it is to be restarted", .timeLimit(.minutes(10)))
    func frozen() async throws {
        let supervised = SupervisedProcess(
            ProcessSpecification(name: "sleeper", executable: "/bin/sleep", arguments: ["600"]),
            backoff: Backoff(base: .milliseconds(1), limit: .milliseconds(5)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await supervised.run() }
        supervised.restart()
        try await eventually("started") { supervised.state.pid != nil }
        let first = try #require(supervised.state.pid)
        #expect(kill(first, SIGSTOP) == 0)
        supervised.restart()
        try await eventually("another one") { supervised.state.pid.map { $0 != first } ?? false }
        running.cancel()
        try await running.value
    }

    @Test("a missing program is reported, and tried again after delays that grow", .timeLimit(.minutes(10)))
    func missing() async throws {
        let clock = TestClock()
        let (states, continuation) = AsyncStream.makeStream(of: SupervisedProcess.State.self)
        let supervised = SupervisedProcess(
            ProcessSpecification(name: "nothing", executable: "/nonexistent/program", arguments: []),
            backoff: Backoff(base: .seconds(1), limit: .seconds(4)), monotonic: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { continuation.yield($0) }
        let running = Task { try await supervised.run() }
        for ceiling in [1, 2, 4, 4] {
            try await clock.waitForSleepers(1)
            #expect(try #require(clock.waits.last) <= .seconds(ceiling))
            clock.advance(by: .seconds(4))
        }
        for await state in states where state.restarts == 4 { break }
        running.cancel()
        try await running.value
        #expect(supervised.state.pid == nil)
    }

    @Test("a child that inherits no environment gets only what it is given", .timeLimit(.minutes(10)))
    func environment() async throws {
        let folder = TemporaryFolder()
        #expect(ProcessInfo.processInfo.environment["PATH"] != nil)
        let supervised = SupervisedProcess(
            ProcessSpecification(
                name: "printer", executable: "/usr/bin/env", arguments: [], environment: ["TZ": "UTC"],
                inheritsEnvironment: false, log: folder.path("log")),
            backoff: Backoff(base: .milliseconds(1), limit: .milliseconds(5)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await supervised.run() }
        try await eventually("it has printed") { supervised.state.restarts >= 1 }
        running.cancel()
        try await running.value
        let lines = try String(contentsOfFile: folder.path("log"), encoding: .utf8).split(separator: "\n")
        #expect(Set(lines) == ["TZ=UTC", "GUARDIAN_SUPERVISED=1"])
    }

    /// If a sibling inherited the end of a pipe or socket, it would stay open after its owner ended, and the other side
    /// would not notice.
    @Test("a child inherits no descriptors of children started at the same time", .timeLimit(.minutes(10)))
    func inheritsNothing() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        for _ in 0..<40 {
            let supervised = (0..<8).map { index in
                SupervisedProcess(
                    ProcessSpecification(name: "sleeper \(index)", executable: "/bin/sleep", arguments: ["600"]),
                    logger: logger)
            }
            let running = supervised.map { child in Task { try await child.run() } }
            for child in supervised {
                try await eventually("the child is started") { child.state.pid != nil }
                // Only its own socket to Foundation.
                #expect(try sockets(of: #require(child.state.pid)).count == 1)
            }
            for task in running {
                task.cancel()
                try await task.value
            }
        }
    }

    /// Returns the open sockets and pipes of a process, without its three standard ones.
    private func sockets(of pid: Int32) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").compactMap { name in
            guard let number = Int(name), number > 2 else { return nil }
            // A file that the loader has open now may be closed before the link is read.
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(name)")
            return target.flatMap { $0.hasPrefix("socket:") || $0.hasPrefix("pipe:") ? $0 : nil }
        }
    }
}
