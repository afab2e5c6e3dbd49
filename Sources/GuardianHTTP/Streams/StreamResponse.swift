import GuardianCore
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// A response that lasts until its source ends, the peer disconnects, whoever asked may no longer see it, or the server shuts
/// down.
public enum StreamResponse {
    /// The most pieces queued between source and socket.
    static let capacity = 16

    /// - Parameters:
    ///   - heartbeat: a piece that is sent at this interval, so that proxies keep the connection open and a lost peer
    ///     is noticed.
    ///   - produce: sends the pieces, and returns when there are no more. It is cancelled when the peer disconnects or
    ///     the server shuts down; `send` waits while the peer is slow.
    public static func make(
        for web: WebRequest, contentType: String, heartbeat: (every: Duration, piece: ByteBuffer)? = nil,
        monotonic: any MonotonicClock = SystemMonotonicClock(),
        produce: @escaping @Sendable (Pipe<ByteBuffer>) async throws -> Void
    ) -> Response {
        let context = web.context
        // X-Accel-Buffering tells nginx not to buffer the response.
        var headers: HTTPFields = [.contentType: contentType, .cacheControl: "no-store"]
        if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        let body = ResponseBody { writer in
            let pipe = Pipe<ByteBuffer>(capacity: capacity)
            try await PeerWatch.run(on: context.channel, onDisconnect: { pipe.close() }) {
                try await TimeoutWriter.write(on: context.channel, monotonic: monotonic, to: &writer) {
                    timeoutWriter, writer in
                    try await relay(
                        pipe, timeoutWriter, &writer, heartbeat: heartbeat, monotonic: monotonic,
                        whenAccessEnds: { await web.whenAccessEnds { pipe.close() } }, logger: context.logger,
                        produce: produce)
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private static func relay(
        _ pipe: Pipe<ByteBuffer>, _ timeoutWriter: TimeoutWriter, _ writer: inout any ResponseBodyWriter,
        heartbeat: (every: Duration, piece: ByteBuffer)?, monotonic: any MonotonicClock,
        whenAccessEnds: @escaping @Sendable () async -> Void, logger: Logger,
        produce: @escaping @Sendable (Pipe<ByteBuffer>) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer {
                pipe.close()
                group.cancelAll()
            }
            group.addTask {
                defer { pipe.close() }
                do {
                    try await cancelWhenGracefulShutdown { try await produce(pipe) }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("response stream failed", metadata: ["error": .string("\(error)")])
                }
            }
            group.addTask { await whenAccessEnds() }
            if let heartbeat {
                group.addTask {
                    while true {
                        try await monotonic.sleep(for: heartbeat.every)
                        _ = pipe.offer(heartbeat.piece)
                    }
                }
            }
            while let piece = await pipe.receive() { try await timeoutWriter.write(piece, to: &writer) }
        }
    }
}
