import Synchronization
import UnixSignals

/// Whether somebody asked the demo to end: Ctrl-C or SIGTERM. The first time it stops its cameras and counts, the second
/// time it goes at once.
final class DemoEnd: Sendable {
    private let asked = Mutex(0)

    var isAsked: Bool { asked.withLock { $0 > 0 } }

    /// What `body` yields; `nil`, with `body` cancelled and at its end, once the end was asked for twice. Listens as long.
    func unlessAskedTwice<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value?
    {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await Self.first(body) {
            for await _ in signals where self.ask() > 1 { return }
        }
    }

    /// What `body` yields; `nil`, with `body` cancelled and at its end, once the end was asked for.
    func unlessAsked<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value? {
        try await Self.first(body) {
            while !self.isAsked, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
        }
    }

    private func ask() -> Int {
        asked.withLock { asked in
            asked += 1
            return asked
        }
    }

    private static func first<Value: Sendable>(
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
