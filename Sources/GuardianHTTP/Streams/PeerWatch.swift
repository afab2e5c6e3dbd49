import NIOCore

/// Detects that the peer of a connection disconnects: it closes its sending side, or the connection ends.
///
/// Hummingbird's `consumeWithCancellationOnInboundClose` detects this too, but it crashes the process when a response
/// ends, or the peer disconnects, before the request's body was read to its end.
final class PeerWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let onDisconnect: @Sendable () -> Void

    /// Runs `body`. `onDisconnect` may be called more than once while it runs, on the connection's event loop.
    static func run<Value>(
        on channel: any Channel, onDisconnect: @escaping @Sendable () -> Void, _ body: () async throws -> Value
    ) async throws -> Value {
        // Tests without a socket have no peer. On a connection that has ended, writes fail, which ends `body` as well.
        guard channel.isActive else { return try await body() }
        let handler = PeerWatch(onDisconnect: onDisconnect)
        do { try await channel.pipeline.addHandler(handler, position: .first).get() } catch { onDisconnect() }
        do {
            let value = try await body()
            try? await channel.pipeline.removeHandler(handler).get()
            return value
        } catch {
            try? await channel.pipeline.removeHandler(handler).get()
            throw error
        }
    }

    private init(onDisconnect: @escaping @Sendable () -> Void) { self.onDisconnect = onDisconnect }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { onDisconnect() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        onDisconnect()
        context.fireChannelInactive()
    }
}
