import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// A connection of a web server: TLS with the certificate of the moment, then HTTP/1.1. A plain request is redirected.
struct SecureChannel: ServerChildChannel {
    /// What a connection turned out to be.
    enum Negotiated: Sendable {
        case http1(HTTP1Channel.Value)
        /// Without TLS: its handlers do everything.
        case plain
    }

    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<Negotiated>
        let channel: any Channel
    }

    /// Until a handshake is done, or a plain request's head received.
    static let limit: TimeAmount = .seconds(10)

    private let certificates: WebCertificates
    private let http1: HTTP1Channel

    init(certificates: WebCertificates, http1: HTTP1Channel) {
        self.certificates = certificates
        self.http1 = http1
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let negotiated = channel.eventLoop.makePromise(of: Negotiated.self)
            let first = FirstByte(within: Self.limit, negotiated: negotiated) { channel in
                try secure(channel, logger)
            } plain: { channel in
                try PlainRedirect.install(on: channel, names: certificates.names)
                // The deadline stays until the connection has closed.
                return channel.closeFuture.map { .plain }
            }
            try channel.pipeline.syncOperations.addHandler(first)
            return Value(negotiated: negotiated.futureResult, channel: channel)
        }
    }

    private func secure(_ channel: any Channel, _ logger: Logger) throws -> EventLoopFuture<Negotiated> {
        let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Negotiated> { _ in
            http1.setup(channel: channel, logger: logger).map { .http1($0) }
        }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(NIOSSLServerHandler(context: certificates.context()))
        try pipeline.addHandler(negotiation)
        return negotiation.protocolNegotiationResult
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.negotiated.get() {
            case .http1(let connection): await http1.handle(value: connection, logger: logger)
            case .plain: return
            }
        } catch {
            logger.debug("connection ended before a request", metadata: ["reason": .string("\(error)")])
        }
    }
}
