import Foundation
import GuardianCore
import GuardianOperations
import Logging
import Testing

@Suite("Supervision")
struct SupervisionTests {
    @Test("a child that is killed comes back, and ends with its supervisor", .timeLimit(.minutes(1)))
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

    @Test("a program that is not there is said so, and tried again", .timeLimit(.minutes(1)))
    func missing() async throws {
        let (states, continuation) = AsyncStream.makeStream(of: SupervisedProcess.State.self)
        let supervised = SupervisedProcess(
            ProcessSpecification(name: "nothing", executable: "/nonexistent/program", arguments: []),
            backoff: Backoff(base: .milliseconds(1), limit: .milliseconds(5)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { continuation.yield($0) }
        let running = Task { try await supervised.run() }
        for await state in states where state.restarts == 2 { break }
        running.cancel()
        try await running.value
        #expect(supervised.state.pid == nil)
    }
}
