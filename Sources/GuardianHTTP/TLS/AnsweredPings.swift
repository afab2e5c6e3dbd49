import NIOCore
import NIOHTTP2

/// Keeps the client's PINGs, which `NIOHTTP2Handler` has answered and counted, from Hummingbird's connection manager: that closes a
/// connection after the third that comes within 30 seconds of another, however long ago the first two were. Chrome sends one with
/// each request after ten seconds of silence, and would lose its live views.
final class AnsweredPings: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame

    /// Adds it between the two.
    static func install(on channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let frames = try pipeline.handler(type: NIOHTTP2Handler.self)
        try pipeline.addHandler(AnsweredPings(), position: .after(frames))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .ping(_, ack: false) = unwrapInboundIn(data).payload { return }
        context.fireChannelRead(data)
    }
}
