import NIOCore

/// Tells when the peer of a connection leaves: it closes its side, or the connection ends.
///
/// Hummingbird's own `consumeWithCancellationOnInboundClose` would tell it too, but stops the process when an answer
/// ends, or a peer leaves, before the end of the request's body was read.
final class PeerWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let onLeave: @Sendable () -> Void

    /// Runs `body`; `onLeave` is called at most a few times while it runs, on the connection's event loop.
    static func run<Value>(
        on channel: any Channel, onLeave: @escaping @Sendable () -> Void, _ body: () async throws -> Value
    ) async throws -> Value {
        // Tests without a socket have no peer; a connection that has ended takes no writes, which ends `body` as well.
        guard channel.isActive else { return try await body() }
        let watch = PeerWatch(onLeave: onLeave)
        do { try await channel.pipeline.addHandler(watch, position: .first).get() } catch { onLeave() }
        do {
            let value = try await body()
            try? await channel.pipeline.removeHandler(watch).get()
            return value
        } catch {
            try? await channel.pipeline.removeHandler(watch).get()
            throw error
        }
    }

    private init(onLeave: @escaping @Sendable () -> Void) { self.onLeave = onLeave }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { onLeave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        onLeave()
        context.fireChannelInactive()
    }
}
