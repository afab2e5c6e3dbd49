import GuardianCore
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// An answer that goes on until its source ends, the peer leaves or the server shuts down.
public enum StreamResponse {
    /// Pieces under way between source and socket.
    static let capacity = 16

    /// - Parameters:
    ///   - heartbeat: sent each time after so long, so that proxies keep the connection and a peer that is gone is
    ///     noticed.
    ///   - produce: sends the pieces, and returns when there are no more. It is cancelled when the peer leaves or the
    ///     server shuts down, and waits while the peer is slow.
    public static func make(
        for web: WebRequest, contentType: String, heartbeat: (every: Duration, piece: ByteBuffer)? = nil,
        produce: @escaping @Sendable (Pipe<ByteBuffer>) async throws -> Void
    ) -> Response {
        let context = web.context
        // No proxy may collect the pieces (X-Accel-Buffering is nginx's word for it).
        var headers: HTTPFields = [.contentType: contentType, .cacheControl: "no-store"]
        if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        let body = ResponseBody { writer in
            let pipe = Pipe<ByteBuffer>(capacity: capacity)
            try await PeerWatch.run(on: context.channel, onLeave: { pipe.close() }) {
                try await PatientWriter.write(on: context.channel, to: &writer) { patient, writer in
                    try await relay(
                        pipe, patient, &writer, heartbeat: heartbeat, logger: context.logger, produce: produce)
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private static func relay(
        _ pipe: Pipe<ByteBuffer>, _ patient: PatientWriter, _ writer: inout any ResponseBodyWriter,
        heartbeat: (every: Duration, piece: ByteBuffer)?, logger: Logger,
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
                    logger.warning("a stream ended early", metadata: ["error": .string("\(error)")])
                }
            }
            if let heartbeat {
                group.addTask {
                    while true {
                        try await Task.sleep(for: heartbeat.every)
                        _ = pipe.offer(heartbeat.piece)
                    }
                }
            }
            while let piece = await pipe.receive() { try await patient.write(piece, to: &writer) }
        }
    }
}
