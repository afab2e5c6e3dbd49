import NIOCore
import NIOHTTP1

/// Puts the guards of HTTP/1.1 around and behind the decoder, where requests are still those of HTTP/1.1: `HTTP1Channel` offers no place
/// there. Each is put nearest to the decoder, so the last one is the first that sees a request.
final class RequestGuards: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(AbsoluteTarget(), position: .after(decoder))
            try HeadDeadline.install(on: pipeline)
            // Before the deadline, which a refused request does not end: its connection is closed then.
            try pipeline.addHandler(MessageBounds(), position: .after(decoder))
            try RequestSize.install(on: pipeline)
        } catch {
            // Without them, no request may pass.
            context.close(promise: nil)
        }
    }
}
