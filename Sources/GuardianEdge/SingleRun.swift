import GuardianCore
import Synchronization

/// Lets work run that must not run twice at the same time.
final class SingleRun: Sendable {
    private let isRunning = Mutex(false)

    /// - Parameter message: says what runs already, and what to do.
    /// - Throws: `aborted` while other work runs; what `body` throws.
    func run<Value>(else message: @autoclosure () -> String, _ body: () async throws -> Value) async throws -> Value {
        let isFirst = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard isFirst else { throw GuardianError(.aborted, message()) }
        defer { isRunning.withLock { $0 = false } }
        return try await body()
    }
}
