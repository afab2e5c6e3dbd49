import GuardianIdentity
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS

/// A connection of a web server: TLS with the certificate of the moment, then HTTP/2 or HTTP/1.1, as the client prefers (RFC 7301). A
/// plain request is redirected.
struct SecureChannel: ServerChildChannel {
    /// What a connection turned out to be.
    enum Negotiated: Sendable {
        case http1(HTTP1Channel.Value)
        case http2(HTTP2Connection.Streams)
        /// Without TLS: its handlers do everything.
        case plain
    }

    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<Negotiated>
        let channel: any Channel
    }

    /// Until a handshake is done, or a plain request's head received.
    static let limit: TimeAmount = .seconds(10)

    private static let http2Name = "h2"
    /// What is offered, the preferred one first.
    static let protocols = [http2Name, "http/1.1"]

    private let certificates: WebCertificates
    private let connections: ConnectionLimits
    private let http1: HTTP1Channel
    private let http2: HTTP2Connection

    init(
        certificates: WebCertificates, connections: ConnectionLimits, http1: HTTP1Channel, idleTimeout: Duration
    ) {
        self.certificates = certificates
        self.connections = connections
        self.http1 = http1
        http2 = HTTP2Connection(idleTimeout: idleTimeout)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let address = ClientAddress(channel.remoteAddress?.ipAddress ?? "unknown")
            guard connections.admits(address, logger) else {
                try channel.pipeline.syncOperations.addHandler(RefusedConnection())
                return Value(
                    negotiated: channel.eventLoop.makeFailedFuture(RefusedConnection.Refusal()), channel: channel)
            }
            channel.closeFuture.whenComplete { [connections] _ in connections.connectionEnded(address) }
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
        let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Negotiated> { result in
            guard case .negotiated(Self.http2Name) = result else {
                return http1.setup(channel: channel, logger: logger).map { .http1($0) }
            }
            return http2.setup(channel: channel, logger: logger).map { .http2($0) }
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
            case .http2(let streams): await http2.handle(streams, by: http1, logger: logger)
            case .plain: return
            }
        } catch {
            logger.debug("connection ended before a request", metadata: ["reason": .string("\(error)")])
        }
    }
}
