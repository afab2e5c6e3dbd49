import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

/// What an HTTP/2 connection is made of. Each of its streams is a request.
///
/// Hummingbird's own ends a connection whose client cancels more than 200 requests in 30 seconds, and has no setting for it. Chromium looks
/// for a place in a fragmented film with one request for each fragment, and cancels it when it has the fragment's head: a film of four
/// minutes would end the connection, and with it the live views and event streams of every tab.
struct HTTP2Connection: Sendable {
    typealias Streams = NIOHTTP2Handler.AsyncStreamMultiplexer<HTTP1Channel.Value>

    /// How many requests a client may cancel in 30 seconds: as many as it may send at once (`RequestAllowance`).
    private static let cancelled = 2_000

    /// Until an idle connection, or a stream whose request does not arrive, is closed.
    let idleTimeout: Duration

    /// The library's limits hold for the rest: 100 streams at once, 16 KiB of headers in a few frames, 200 control frames and 200 faulty
    /// streams in 30 seconds (nio-http2, `NIOHTTP2Handler.Configuration`), which bound what a flood of them costs.
    private var configuration: NIOHTTP2Handler.Configuration {
        var configuration = NIOHTTP2Handler.Configuration()
        configuration.stream.streamResetFrameRateLimit.maximumCount = Self.cancelled
        return configuration
    }

    /// Adds its handlers to a connection on which HTTP/2 has been negotiated.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Streams> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let streams = try pipeline.configureAsyncHTTP2Pipeline(
                mode: .server,
                connectionManagerConfiguration: NIOHTTP2ServerConnectionManagementHandler.Configuration(
                    maxIdleTime: TimeAmount(idleTimeout), maxAge: nil, maxGraceTime: .seconds(10), keepalive: nil),
                http2HandlerConfiguration: configuration
            ) { stream in
                stream.eventLoop.makeCompletedFuture {
                    let pipeline = stream.pipeline.syncOperations
                    try pipeline.addHandler(HTTP2FramePayloadToHTTPServerCodec())
                    try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger))
                    return try HTTP1Channel.Value(wrappingChannelSynchronously: stream)
                }
            }
            // The manager counts idle time from the connection's beginning, which was before the manager came.
            let manager = try pipeline.handler(type: NIOHTTP2ServerConnectionManagementHandler.self)
            manager.channelActive(context: try pipeline.context(handler: manager))
            try pipeline.addHandler(HTTP2ConnectionEnd())
            try HeaderBlockDeadline.install(on: channel)
            return streams
        }
    }

    /// Answers all requests of a connection, with what answers one over HTTP/1.1.
    func handle(_ streams: Streams, by http1: HTTP1Channel, logger: Logger) async {
        do {
            try await withThrowingDiscardingTaskGroup { group in
                for try await stream in streams.inbound {
                    group.addTask { await http1.handle(value: stream, logger: logger) }
                }
            }
        } catch {
            logger.debug("connection ended by an error", metadata: ["reason": .string("\(error)")])
        }
    }
}

/// Closes an HTTP/2 connection whose client sends nothing more or has broken the protocol. NIO's manager of connections does neither.
private final class HTTP2ConnectionEnd: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
