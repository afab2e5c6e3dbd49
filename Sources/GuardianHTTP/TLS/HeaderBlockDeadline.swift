import NIOCore
import NIOHTTP2

/// Closes an HTTP/2 connection when a block of headers has begun and does not end in time, as `HeadDeadline` does for HTTP/1.1. A block
/// is a HEADERS frame and the CONTINUATION frames after it (RFC 9113, 4.3); until it has ended the connection is good for nothing else,
/// and nobody above the parser knows of it. How many frames and bytes it may have is the parser's limit.
///
/// It stands before the parser and reads only where frames begin and end.
package final class HeaderBlockDeadline: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer

    /// Bytes of what a client begins with (RFC 9113, 3.4), and of what each frame begins with (4.1).
    private static let preface = 24
    private static let frameHead = 9
    /// Types of frames and the flag of the last frame of a block (6.2, 6.10).
    private static let headers: UInt8 = 1
    private static let continuation: UInt8 = 9
    private static let endHeaders: UInt8 = 4

    private let limit: TimeAmount
    /// The beginning of the current frame, as far as it has arrived.
    private var head: [UInt8] = []
    /// Bytes until the next frame begins.
    private var rest = preface
    private var isBlockOpen = false
    private var endsBlock = false
    private var deadline: Scheduled<Void>?

    /// - Parameter limit: from the first byte of a block to its last.
    package init(within limit: TimeAmount = HeadDeadline.limit) { self.limit = limit }

    /// Adds it before the parser.
    ///
    /// - Throws: `ChannelPipelineError` when there is none.
    static func install(on channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(
            HeaderBlockDeadline(), position: .before(try pipeline.handler(type: NIOHTTP2Handler.self)))
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        read(unwrapInboundIn(data).readableBytesView)
        // A frame whose kind is not known yet may be the beginning of a block.
        if isBlockOpen || !head.isEmpty {
            if deadline == nil {
                deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
            }
        } else {
            cancel()
        }
        context.fireChannelRead(data)
    }

    package func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    private func read(_ bytes: ByteBufferView) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            if rest > 0 {
                let part = min(rest, bytes.count)
                bytes = bytes.dropFirst(part)
                rest -= part
            } else {
                let part = min(Self.frameHead - head.count, bytes.count)
                head += bytes.prefix(part)
                bytes = bytes.dropFirst(part)
                guard head.count == Self.frameHead else { return }
                begin()
            }
            if rest == 0, endsBlock { end() }
        }
    }

    private func begin() {
        rest = head[..<3].reduce(0) { $0 << 8 | Int($1) }
        let (kind, flags) = (head[3], head[4])
        head = []
        if kind == Self.headers { isBlockOpen = true }
        endsBlock = (kind == Self.headers || kind == Self.continuation) && flags & Self.endHeaders != 0
        // The time of what turned out to be no block.
        if !isBlockOpen { cancel() }
    }

    private func end() {
        (isBlockOpen, endsBlock) = (false, false)
        // The next block has its own time.
        cancel()
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
    }
}
