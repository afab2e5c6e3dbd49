import NIOCore
import NIOHTTP1

/// Closes an HTTP/1.1 connection when the head of a request has begun and does not end in time. Without it, a client that sends a byte
/// now and then would keep its connection without end, because it is never idle.
///
/// Its two halves stand before and behind the decoder: the first sees that something arrives, the second what it was.
package final class HeadDeadline {
    /// From the first byte of a request to the end of its head.
    package static let limit: TimeAmount = .seconds(10)

    private let limit: TimeAmount
    private var isHeadDue = true
    private var deadline: Scheduled<Void>?

    /// Adds it around the decoder of a pipeline.
    ///
    /// - Throws: `ChannelPipelineError` when there is no decoder.
    package static func install(on pipeline: ChannelPipeline.SynchronousOperations, within limit: TimeAmount = limit)
        throws
    {
        let deadline = HeadDeadline(within: limit)
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(Beginning(deadline), position: .before(decoder))
        try pipeline.addHandler(End(deadline), position: .after(decoder))
    }

    private init(within limit: TimeAmount) { self.limit = limit }

    private func bytesArrived(_ context: ChannelHandlerContext) {
        guard isHeadDue, deadline == nil else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
    }

    private func arrived(_ part: HTTPServerRequestPart) {
        switch part {
        case .head:
            isHeadDue = false
            cancel()
        case .body: break
        case .end: isHeadDue = true
        }
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
    }

    private final class Beginning: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let deadline: HeadDeadline

        init(_ deadline: HeadDeadline) { self.deadline = deadline }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            deadline.bytesArrived(context)
            context.fireChannelRead(data)
        }

        func handlerRemoved(context: ChannelHandlerContext) { deadline.cancel() }
    }

    private final class End: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart

        private let deadline: HeadDeadline

        init(_ deadline: HeadDeadline) { self.deadline = deadline }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            deadline.arrived(unwrapInboundIn(data))
            context.fireChannelRead(data)
        }
    }
}
