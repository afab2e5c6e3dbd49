import NIOCore
import NIOSSL

/// Detects that the peer disconnects: it closes the sending side of its connection, or that ends, or it resets the HTTP/2 stream of
/// its request. The end of a request on HTTP/2 is none of these.
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
        do {
            try await channel.eventLoop.submit {
                let pipeline = channel.pipeline.syncOperations
                // Behind TLS, whose `close_notify` ends a connection too.
                let tls = try? pipeline.context(handlerType: NIOSSLServerHandler.self).handler
                try pipeline.addHandler(handler, position: tls.map { .after($0) } ?? .first)
            }.get()
        } catch { onDisconnect() }
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
