import GuardianCore
import Hummingbird
import NIOCore
import Synchronization

/// Writes to one peer and closes the connection when a single write takes longer than a minute, so that a stalled peer
/// does not hold an open file or a place in a queue. Video players then request the rest again.
final class TimeoutWriter: Sendable {
    static let timeout: Duration = .seconds(60)

    private let channel: any Channel
    private let monotonic: any MonotonicClock
    private let waitingSince = Mutex<ContinuousClock.Instant?>(nil)

    /// Sends a response of known length, and closes the connection before its end when whoever asked may no longer see it: a client
    /// does not take what it has for the whole.
    static func write(
        for web: WebRequest, to writer: inout any ResponseBodyWriter,
        _ body: (TimeoutWriter, inout any ResponseBodyWriter) async throws -> Void
    ) async throws {
        let channel = web.context.channel
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await web.whenAccessEnds { channel.close(promise: nil) } }
            defer { group.cancelAll() }
            try await write(on: channel, to: &writer, body)
        }
    }

    /// Runs `body` and checks meanwhile how long its current write takes.
    static func write(
        on channel: any Channel, timeout: Duration = timeout,
        monotonic: any MonotonicClock = SystemMonotonicClock(), to writer: inout any ResponseBodyWriter,
        _ body: (TimeoutWriter, inout any ResponseBodyWriter) async throws -> Void
    ) async throws {
        let timeoutWriter = TimeoutWriter(channel: channel, monotonic: monotonic)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    try await monotonic.sleep(for: timeout / 12)
                    if timeoutWriter.hasWaited(timeout) {
                        channel.close(promise: nil)
                        return
                    }
                }
            }
            defer { group.cancelAll() }
            try await body(timeoutWriter, &writer)
        }
    }

    private init(channel: any Channel, monotonic: any MonotonicClock) {
        self.channel = channel
        self.monotonic = monotonic
    }

    /// Writes the buffer and returns once the connection accepts more. The call to the event loop bounds the memory:
    /// without it, a fast source fills the loop's queue before the loop can report that the socket is full.
    func write(_ buffer: ByteBuffer, to writer: inout any ResponseBodyWriter) async throws {
        waitingSince.withLock { $0 = monotonic.now() }
        defer { waitingSince.withLock { $0 = nil } }
        try await writer.write(buffer)
        try await channel.eventLoop.submit {}.get()
    }

    private func hasWaited(_ timeout: Duration) -> Bool {
        guard let since = waitingSince.withLock({ $0 }) else { return false }
        return monotonic.elapsed(since: since) > timeout
    }
}
