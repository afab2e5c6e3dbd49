import NIOCore

/// Looks at the first byte of a connection: a TLS handshake, or a plain request. It ends connections that have not negotiated a
/// protocol in time, or when the server shuts down.
final class FirstByte<Negotiated: Sendable>: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Adds the handlers of one kind of connection behind this one, and returns what they negotiate.
    typealias Installation = (any Channel) throws -> EventLoopFuture<Negotiated>

    /// The type of a record that begins a handshake (RFC 8446, 5.1).
    private static var handshake: UInt8 { 0x16 }

    private let limit: TimeAmount
    private let negotiated: EventLoopPromise<Negotiated>
    private let secure: Installation
    private let plain: Installation
    private var isDecided = false
    private var deadline: Scheduled<Void>?

    /// - Parameters:
    ///   - limit: until when the protocol must have been negotiated.
    ///   - negotiated: is always completed: with an error when the connection ends before.
    init(
        within limit: TimeAmount, negotiated: EventLoopPromise<Negotiated>, secure: @escaping Installation,
        plain: @escaping Installation
    ) {
        self.limit = limit
        self.negotiated = negotiated
        self.secure = secure
        self.plain = plain
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        negotiated.fail(ChannelError.eof)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDecided, let first = unwrapInboundIn(data).readableBytesView.first else {
            return context.fireChannelRead(data)
        }
        isDecided = true
        do {
            let found = try (first == Self.handshake ? secure : plain)(context.channel)
            // Before this handler may be removed, after which its reads would reach nobody.
            context.fireChannelRead(data)
            found.assumeIsolated().whenComplete { [negotiated] result in
                negotiated.completeWith(result)
                guard case .success = result else { return context.close(promise: nil) }
                context.pipeline.syncOperations.removeHandler(self, promise: nil)
            }
        } catch {
            negotiated.fail(error)
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        let isOver =
            switch event {
            case is ChannelShouldQuiesceEvent: true
            case ChannelEvent.inputClosed: !isDecided
            default: false
            }
        guard !isOver else { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
