import Foundation
import Synchronization

/// How a process is to end: whoever needs it started again asks here, and a signal that tells it to end comes first, whenever
/// that arrives. A signal from itself could not be told from one of the user.
public final class ProcessEnding: Sendable {
    private struct State {
        var isRequested = false
        var isStopped = false
        var sources: [any DispatchSourceSignal] = []
    }

    private let state = Mutex(State())
    /// Requests to end the process in an orderly way.
    let requests: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (requests, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    deinit {
        state.withLock { state in
            for source in state.sources { source.cancel() }
        }
    }

    /// Ends the process in an orderly way, to start its program again.
    public func startAgain() {
        state.withLock { $0.isRequested = true }
        continuation.yield()
    }

    /// Whether somebody asked to start again.
    public var isRequested: Bool { state.withLock { $0.isRequested } }

    /// Whether the program is to be started again: somebody asked for it, and nobody told the process to end.
    public var mustStartAgain: Bool { state.withLock { $0.isRequested && !$0.isStopped } }

    /// Notes that the process was told to end.
    package func stop() { state.withLock { $0.isStopped = true } }

    /// Notes SIGTERM and SIGINT from now on. The group of services ignores them once its shutdown has begun.
    func noteSignals() {
        state.withLock { state in
            for number in [SIGTERM, SIGINT] {
                let source = DispatchSource.makeSignalSource(signal: number)
                source.setEventHandler { [weak self] in self?.stop() }
                source.resume()
                state.sources.append(source)
            }
        }
    }
}
