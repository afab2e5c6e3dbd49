import NIOCore
import NIOHTTP1

/// Answers one request without TLS: with the same address under `https://`, or with 400 when it names another server. Nothing else
/// is ever answered in clear.
///
/// The connection then waits for the client to close it, because closing it first may destroy the answer (RFC 9112, 9.6);
/// `FirstByte` ends it in any case.
final class PlainRedirect: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let names: HostNames
    private var isAnswered = false

    init(names: HostNames) { self.names = names }

    /// Adds it, with a decoder that takes at most a few KiB.
    static func install(on channel: any Channel, names: HostNames) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 8 * 1024
        limits.maxHeaderListSize = 16 * 1024
        limits.maxHeaderFieldCount = 100
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: true,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
        try pipeline.addHandler(PlainRedirect(names: names))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered, case .head(let head) = unwrapInboundIn(data) else { return }
        isAnswered = true
        var answer = HTTPResponseHead(version: .http1_1, status: .badRequest)
        answer.headers = ["Connection": "close", "Content-Length": "0"]
        if let location = location(of: head) {
            answer.status = .permanentRedirect
            answer.headers.add(name: "Location", value: location)
        }
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    /// `nil` when the request does not name one server of ours and a path on it.
    private func location(of head: HTTPRequestHead) -> String? {
        let hosts = head.headers["Host"]
        guard hosts.count == 1, let host = hosts.first, names.contain(host), head.uri.hasPrefix("/"),
            head.uri.utf8.count <= 8192, head.uri.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return "https://\(host)\(head.uri)"
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    /// What is no HTTP gets no answer.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
