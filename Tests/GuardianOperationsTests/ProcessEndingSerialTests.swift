import GuardianOperations
import GuardianTestKit
import ServiceLifecycle
import Synchronization
import Testing

@Suite("The end of a process that is to start again", .timeLimit(.minutes(10)))
struct ProcessEndingSerialTests {
    /// Ends when it is shut down; runs something before that.
    private struct Closing: Service {
        var atEnd: @Sendable () throws -> Void = {}

        func run() async throws {
            try await gracefulShutdown()
            try atEnd()
        }
    }

    @Test("shuts the services down in an orderly way")
    func orderly() async throws {
        let ending = ProcessEnding()
        let isClosed = Atomic(false)
        ending.startAgain()
        try await ProcessRuntime.run(
            [Closing { isClosed.store(true, ordering: .releasing) }], ending: ending, isWholeProcess: false,
            logger: LogBook().logger)
        #expect(isClosed.load(ordering: .acquiring) && ending.mustStartAgain)
    }

    @Test("does not start again when it is told to end, before or during that shutdown")
    func told() async throws {
        let ending = ProcessEnding()
        ending.startAgain()
        try await ProcessRuntime.run(
            [Closing { ending.stop() }], ending: ending, isWholeProcess: false, logger: LogBook().logger)
        #expect(ending.isRequested && !ending.mustStartAgain)
        let before = ProcessEnding()
        before.stop()
        before.startAgain()
        #expect(!before.mustStartAgain)
    }

    @Test("is still to start again when a service fails in that shutdown")
    func failing() async throws {
        struct Failure: Error {}
        let ending = ProcessEnding()
        ending.startAgain()
        await #expect(throws: Failure.self) {
            try await ProcessRuntime.run(
                [Closing { throw Failure() }], ending: ending, isWholeProcess: false, logger: LogBook().logger)
        }
        #expect(ending.mustStartAgain)
    }
}
