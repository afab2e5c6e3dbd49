import NIOCore
import NIOHTTP2

/// Stands between `NIOHTTP2Handler` and Hummingbird's manager of the connection, and corrects what that does:
///
/// * It closes a connection after the third PING that comes within 30 seconds of another, however long ago the first two were.
///   Chrome sends one with each request after ten seconds of silence, and would lose its live views. The handler has answered and
///   counted them, so the manager does not get them.
/// * It closes a connection that shuts down while the end of its last stream is written, which is then lost: the client sees a
///   broken stream. So closing waits until what the event loop is doing is done.
final class ConnectionManagerGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame
    typealias OutboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// Adds it between the two.
    static func install(on channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let frames = try pipeline.handler(type: NIOHTTP2Handler.self)
        try pipeline.addHandler(ConnectionManagerGuard(), position: .after(frames))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .ping(_, ack: false) = unwrapInboundIn(data).payload { return }
        context.fireChannelRead(data)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        context.eventLoop.assumeIsolated().execute { context.close(mode: mode, promise: promise) }
    }
}
