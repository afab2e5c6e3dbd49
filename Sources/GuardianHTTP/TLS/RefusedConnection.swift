import NIOCore

/// Closes a connection as soon as it is there: closing it while it is set up would leave its registration half done.
final class RefusedConnection: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    /// Why nothing is negotiated on such a connection.
    struct Refusal: Error {}

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { context.close(promise: nil) } }

    func channelActive(context: ChannelHandlerContext) { context.close(promise: nil) }

    /// What the client has sent already reaches nobody.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
