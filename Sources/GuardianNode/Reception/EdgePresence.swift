import GuardianCore
import GuardianOperations
import GuardianWire
import Logging

/// Whether the edge of a stream is still there: one that is frozen, or whose connection died without a word, must not count as connected.
/// The pings of HTTP/2 do not tell, because the transport waits for the answer to another one before it closes such a connection.
struct EdgePresence: Sendable {
    /// Rises with each message.
    private let messages = Watermark(0)
    /// Above 0 once the edge has said that it sends something at least each `WireLimits.aliveInterval`.
    private let promise = Watermark(0)

    /// Notes a message of the edge, or that one was dealt with.
    func noteMessage() { messages.increment() }

    /// Notes that the edge sends something at least each `WireLimits.aliveInterval`.
    func notePromise() { promise.advance(to: 1) }

    /// Waits until an edge that promised to has sent nothing for `WireLimits.silence`, and logs it.
    ///
    /// - Parameter stream: what the stream is for.
    /// - Throws: `deadlineExceeded` then; `CancellationError`.
    func untilSilent(
        _ device: Hash256, stream: String, monotonic: any MonotonicClock, logger: Logger
    ) async throws {
        try await promise.wait(beyond: 0)
        try await messages.waitUntilStill(for: WireLimits.silence, monotonic: monotonic)
        logger.notice("edge is silent, stream ended", metadata: ["device": "\(device)", "stream": "\(stream)"])
        throw GuardianError(
            .deadlineExceeded, "The edge has sent nothing for \(WireLimits.silence.components.seconds) seconds.")
    }
}
