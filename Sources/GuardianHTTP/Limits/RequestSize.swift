import NIOCore
import NIOHTTP1

/// Closes an HTTP/1.1 connection when one request has more bytes than any may have. The decoder limits what it hands on of a head, and
/// routes limit the bodies that they wait for; this is for the rest: bodies that no route waits for, the extensions of chunks (RFC 9112,
/// 7.1.1), and what follows CONNECT or `Upgrade`, which the decoder would keep in memory.
///
/// Its two halves stand before and behind the decoder: the first counts what arrives, the second sees where a request ends.
package final class RequestSize {
    /// Bytes of a head with every field (`WebServer`), and of the largest body (`BodyLimit`) in chunks of one byte, which take six each
    /// (RFC 9112, 7.1), rounded up.
    package static let limit = 512 * 1024

    private let limit: Int
    private var count = 0

    /// Adds it around the decoder of a pipeline.
    ///
    /// - Throws: `ChannelPipelineError` when there is no decoder.
    package static func install(on pipeline: ChannelPipeline.SynchronousOperations, limit: Int = limit) throws {
        let size = RequestSize(limit: limit)
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(Counter(size), position: .before(decoder))
        try pipeline.addHandler(End(size), position: .after(decoder))
    }

    private init(limit: Int) { self.limit = limit }

    private final class Counter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let size: RequestSize

        init(_ size: RequestSize) { self.size = size }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            size.count += unwrapInboundIn(data).readableBytes
            guard size.count <= size.limit else { return context.close(promise: nil) }
            context.fireChannelRead(data)
        }
    }

    private final class End: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart

        private let size: RequestSize

        init(_ size: RequestSize) { self.size = size }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            // What came with it of the next request is not counted: a read at most.
            if case .end = unwrapInboundIn(data) { size.count = 0 }
            context.fireChannelRead(data)
        }
    }
}
