import Synchronization
import UnixSignals

/// Handles Ctrl-C and SIGTERM. On the first signal the demo stops its cameras and prints the summary; on the second it
/// ends immediately.
final class DemoEnd: Sendable {
    private let signalCount = Mutex(0)

    /// Whether there was a signal.
    var isRequested: Bool { signalCount.withLock { $0 > 0 } }

    /// Runs `body` and handles signals meanwhile. On the second signal it cancels `body`, waits for its end and returns
    /// `nil`.
    func runUntilSecondSignal<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await Self.race(body) {
            for await _ in signals where self.countSignal() > 1 { return }
        }
    }

    /// Runs `body`. After a signal it cancels `body`, waits for its end and returns `nil`.
    func runUntilSignal<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value? {
        try await Self.race(body) {
            while !self.isRequested, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
        }
    }

    private func countSignal() -> Int {
        signalCount.withLock { count in
            count += 1
            return count
        }
    }

    private static func race<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value, or end: @escaping @Sendable () async -> Void
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                await end()
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
            return first
        }
    }
}
