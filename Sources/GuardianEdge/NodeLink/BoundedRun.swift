import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import Synchronization

/// Runs something that uses a transport of gRPC, and does not wait for ever until it has ended: one that hangs must block
/// nobody. Seen with grpc-swift-nio-transport 2.9.2: a connection that was cancelled while a handshake failed, and a call that
/// was cancelled just before it was queued on an idle channel.
enum BoundedRun {
    /// How long to wait for something that was cancelled or is to close.
    static let patience: Duration = .seconds(3)

    /// Makes a call, and leaves it alone when it does not end within `patience` once this task is cancelled.
    ///
    /// - Parameter abandoned: called when it is left alone.
    /// - Throws: the call's error; `CancellationError`.
    static func call<Value: Sendable>(
        patience: Duration = patience, abandoned: () -> Void, _ call: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await run(patience: patience, abandoned: abandoned) { $0.set(.success(try await call())) }
    }

    /// The same for a call to the node.
    static func nodeCall<Value: Sendable>(
        logger: Logger, _ call: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await Self.call(abandoned: { logger.warning("call to the node does not end, abandoned") }, call)
    }

    /// Runs `work` in a task of its own until it has an outcome or this task is cancelled, which cancels `work`. Then waits
    /// no longer than `patience` for `work` to return.
    ///
    /// - Parameters:
    ///   - abandoned: called when `work` did not return in time; it is cancelled and left alone.
    ///   - work: tells its outcome to its argument; its error is an outcome too.
    /// - Throws: the outcome's error; `CancellationError` when there is no outcome.
    static func run<Value: Sendable>(
        patience: Duration = patience, abandoned: () -> Void,
        _ work: @escaping @Sendable (Outcome<Value>) async throws -> Void
    ) async throws -> Value {
        let outcome = Outcome<Value>()
        let closed = Watermark(0)
        let running = Task {
            do { try await work(outcome) } catch { outcome.set(.failure(error)) }
            outcome.isKnown.advance(to: 1)
            closed.advance(to: 1)
        }
        await withTaskCancellationHandler {
            // Returns at once when this task is cancelled.
            try? await outcome.isKnown.wait(beyond: 0)
        } onCancel: {
            running.cancel()
        }
        // In a task of its own, because in a cancelled task the wait would end at once.
        await Task { try? await closed.wait(beyond: 0, atMost: patience) }.value
        if closed.value == 0 {
            running.cancel()
            abandoned()
        }
        guard let result = outcome.result else { throw CancellationError() }
        return try result.get()
    }

    /// The outcome of what is run: the first one counts.
    final class Outcome<Value: Sendable>: Sendable {
        /// Above 0 once there is an outcome, or there will be none.
        fileprivate let isKnown = Watermark(0)
        private let first = Mutex<Result<Value, any Error>?>(nil)

        fileprivate var result: Result<Value, any Error>? { first.withLock { $0 } }

        func set(_ result: Result<Value, any Error>) {
            first.withLock { if $0 == nil { $0 = result } }
            isKnown.advance(to: 1)
        }
    }
}
