import AsyncHTTPClient
import GuardianClients
import GuardianCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Sends requests to cameras, and believes little of what comes back: answers, time and redirects are bounded, and each
/// address is checked before it is connected to.
public final class ONVIFClient: Sendable {
    /// Bytes of an answer. The profiles of a recorder with 32 channels are about 200 KiB.
    package static let answerLimit = 256 << 10
    package static let redirectLimit = 2
    /// For one request with its redirects. Small cameras take some seconds for their profiles.
    package static let timeLimit = Duration.seconds(10)

    package let rules: AddressRules
    package let wallClock: any WallClock
    package let randomness: Randomness
    private let clock: any MonotonicClock
    private let logger: Logger
    private let http: HTTPClient

    /// `close` must be called before it is released.
    public init(
        rules: AddressRules = AddressRules(), clock: any MonotonicClock = SystemMonotonicClock(),
        wallClock: any WallClock = SystemClock(), randomness: Randomness = .system, logger: Logger
    ) {
        self.rules = rules
        self.clock = clock
        self.wallClock = wallClock
        self.randomness = randomness
        self.logger = logger
        http = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: Self.transport)
    }

    /// Ends all connections.
    public func close() async throws { try await http.shutdown() }

    private static var transport: HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        // Cameras sign their own certificates. The password is not in clear text even so, unless the caller allows it.
        // nosemgrep: swift-tls-unverified -- cameras sign their own certificates
        tls.certificateVerification = .none
        var transport = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(4), read: .seconds(10), write: .seconds(10)),
            decompression: .disabled)
        transport.connectionPool.retryConnectionEstablishment = false
        transport.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 2
        transport.connectionPool.idleTimeout = .seconds(5)
        transport.httpVersion = .http1Only
        return transport
    }

    /// Sends a request and follows redirects within the host.
    ///
    /// - Parameters:
    ///   - security: the content of the SOAP header.
    ///   - authorization: makes the Authorization header field for a path: a digest is good for one.
    package func exchange(
        _ request: ONVIFRequest, with address: CameraAddress, security: String = "",
        authorization: (_ path: String) -> String? = { _ in nil }
    ) async throws(CameraFailure) -> SOAPReply {
        let start = clock.now()
        var address = address
        for _ in 0...Self.redirectLimit {
            let field = authorization(address.path)
            let left = Self.timeLimit - clock.elapsed(since: start)
            let (head, body) = try await answer(request, address, security, field, within: left)
            guard [301, 302, 307, 308].contains(head.status.code) else {
                return SOAPReply(
                    status: Int(head.status.code), body: body,
                    challenges: HTTPChallenge.all(in: head.headers["WWW-Authenticate"]),
                    date: head.headers.first(name: "Date").flatMap(Timestamp.init(httpDate:)), address: address)
            }
            guard let target = head.headers.first(name: "Location").flatMap({ address.redirected(to: $0) }) else {
                throw .redirectedAway
            }
            address = target
        }
        throw .redirectedAway
    }

    private func answer(
        _ request: ONVIFRequest, _ address: CameraAddress, _ security: String, _ authorization: String?,
        within limit: Duration
    ) async throws(CameraFailure) -> (HTTPResponseHead, [UInt8]) {
        let target = try await rules.target(of: address.host)
        var message = HTTPClientRequest(url: address.url(at: target.uriHost))
        message.method = .POST
        message.headers = ["Host": address.hostField, "Content-Type": request.contentType]
        if let authorization { message.headers.add(name: "Authorization", value: authorization) }
        message.body = .bytes(ByteBuffer(string: request.envelope(security: security)))
        let http = http
        let clock = clock
        do {
            return try await withThrowingTaskGroup(of: (HTTPResponseHead, [UInt8])?.self) { [message] group in
                group.addTask {
                    let response = try await http.execute(message, deadline: .distantFuture)
                    let body = try await response.body.collect(upTo: Self.answerLimit)
                    let head = HTTPResponseHead(
                        version: response.version, status: response.status, headers: response.headers)
                    return (head, Array(body.readableBytesView))
                }
                group.addTask {
                    try await clock.sleep(for: limit)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let answer = first else { throw CameraFailure.timedOut }
                return answer
            }
        } catch {
            let failure = Self.failure(error)
            logger.debug(
                "request to a camera failed",
                metadata: ["camera": "\(address)", "operation": "\(request.operation)", "reason": "\(failure)"])
            throw failure
        }
    }

    private static func failure(_ error: any Error) -> CameraFailure {
        switch error {
        case let error as CameraFailure: return error
        // Whoever asked ran out of time.
        case is CancellationError: return .timedOut
        case is NIOTooManyBytesError: return .answerTooLarge
        case is HTTPParserError: return .notONVIF("no HTTP")
        case let error as IOError: return failure(of: error.errnoCode)
        case let error as NIOConnectionError:
            let causes = error.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }
            return causes.first.map(failure(of:)) ?? .noRoute
        case is ChannelError: return .timedOut
        case let error as HTTPClientError:
            return switch error {
            case .connectTimeout: .noRoute
            case .readTimeout, .writeTimeout, .deadlineExceeded, .cancelled, .getConnectionFromPoolTimeout: .timedOut
            default: .connectionFailed
            }
        default: return .connectionFailed
        }
    }

    private static func failure(of code: CInt) -> CameraFailure {
        switch code {
        case ECONNREFUSED: .connectionRefused
        case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, ETIMEDOUT, EADDRNOTAVAIL, EACCES: .noRoute
        default: .connectionFailed
        }
    }
}
