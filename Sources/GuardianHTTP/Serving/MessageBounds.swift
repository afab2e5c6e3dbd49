import NIOCore
import NIOHTTP1

/// Keeps to one opinion about where a request ends and which answer is its own, so that nothing in front of the server can be led to
/// another one (request smuggling). It stands behind the decoder, which refuses most of what is ambiguous but hands on the head of a
/// request before it knows whether the rest can be read, so that the request would be answered all the same.
///
/// * A `Transfer-Encoding` other than `chunked`, given twice, or with HTTP/1.0 leaves open where the body ends. Nobody sees such a request;
///   it is answered with 400, and the connection ends (RFC 9112, 6.1 and 6.3).
/// * A request has one answer. The framework answers an error of the decoder with 400, also when the request was answered before
///   the error in its body came; a proxy would take that for the answer to its next request.
/// * Nothing is read after a request that is its connection's last (9.3, 9.6), and the connection ends with its answer. The framework
///   does that for `close` in lower case alone, not for HTTP/1.0 or other spellings, nor after CONNECT and `Upgrade`, behind
///   which the decoder reads no more.
package final class MessageBounds: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias InboundOut = HTTPServerRequestPart
    package typealias OutboundIn = HTTPServerResponsePart
    package typealias OutboundOut = HTTPServerResponsePart

    private enum Input {
        case betweenRequests
        /// Reading a body. `isLast`: whether nothing is read after it.
        case withinRequest(isLast: Bool)
        /// What else comes is not looked at.
        case over
    }

    private var input = Input.betweenRequests
    /// Requests whose answer has not begun.
    private var unanswered = 0
    /// Whether what is being written answers no request.
    private var isSurplus = false

    package init() {}

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .over = input { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            guard Self.isFramed(head) else {
                return errorCaught(context: context, error: HTTPParserError.invalidHeaderToken)
            }
            unanswered += 1
            let isLast = Self.isLast(head)
            input = .withinRequest(isLast: isLast)
            // In the one spelling that the framework knows.
            if isLast { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body:
            context.fireChannelRead(data)
        case .end:
            if case .withinRequest(isLast: true) = input { input = .over } else { input = .betweenRequests }
            context.fireChannelRead(data)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError {
            switch input {
            case .over: return
            case .withinRequest: break
            // What cannot be read is a request as well, which its 400 answers.
            case .betweenRequests: unanswered += 1
            }
            input = .over
        }
        context.fireErrorCaught(error)
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var part = unwrapOutboundIn(data)
        if case .head(var head) = part, head.status.code >= 200 {
            isSurplus = unanswered == 0
            unanswered = max(0, unanswered - 1)
            if unanswered == 0, endsWithAnswer { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            part = .head(head)
        }
        guard !isSurplus else {
            promise?.succeed()
            return
        }
        context.write(wrapOutboundOut(part), promise: promise)
    }

    private var endsWithAnswer: Bool {
        switch input {
        case .betweenRequests: false
        case .withinRequest(let isLast): isLast
        case .over: true
        }
    }

    private static func isFramed(_ head: HTTPRequestHead) -> Bool {
        let codings = head.headers["Transfer-Encoding"]
        guard let coding = codings.first else { return true }
        return codings.count == 1 && head.version == .http1_1 && coding.trimmingSpaces.lowercased() == "chunked"
            && !head.headers.contains(name: "Content-Length")
    }

    private static func isLast(_ head: HTTPRequestHead) -> Bool {
        !head.isKeepAlive || head.method == .CONNECT || head.headers.contains(name: "Upgrade")
    }
}
