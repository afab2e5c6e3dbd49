import AsyncHTTPClient
import GuardianCore
import GuardianOperations
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Sends signed requests to one server. Retries transient failures, corrects the clock and reloads the keys.
final class S3Client: Sendable {
    let configuration: S3Configuration
    let time: ServerTime
    private let http: HTTPClient
    private let logger: Logger
    private let credentials: Mutex<S3Credentials>

    /// Maximum bytes of a response. A list of 1,000 names of 1,024 bytes, all of them encoded, is smaller.
    private static let responseLimit = 8 << 20

    /// - Throws: what loading the credentials throws, and `failedPrecondition` when `authority` cannot be read.
    init(
        _ configuration: S3Configuration, clock: any WallClock, resolving hosts: [String: String], logger: Logger
    ) throws {
        self.configuration = configuration
        self.logger = logger
        credentials = Mutex(try configuration.credentials.load())
        time = ServerTime(clock: clock)
        http = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup,
            configuration: try Self.transport(configuration, hosts: hosts))
    }

    func close() async throws { try await http.shutdown() }

    /// Sends a request and collects the response.
    ///
    /// - Parameters:
    ///   - what: the beginning of the error message.
    ///   - read: converts the response. When it throws a transient `S3Failure`, the request is sent again.
    /// - Throws: `GuardianError` with the `S3Failure` as its cause.
    func send<Value: Sendable>(
        _ request: S3Request, _ what: String, read: @Sendable (S3Answer) throws(S3Failure) -> Value
    ) async throws -> Value {
        try await retrying(what) {
            let response = try await self.respond(to: request)
            let body: ByteBuffer
            do {
                body = try await response.body.collect(upTo: Self.responseLimit)
            } catch {
                throw Self.failure(error)
            }
            return try read(S3Answer(headers: response.headers, body: Array(body.readableBytesView)))
        }
    }

    /// Sends a request and ignores the content of the response.
    func send(_ request: S3Request, _ what: String) async throws {
        try await send(request, what) { _ throws(S3Failure) in }
    }

    /// Sends a request and returns the response while its body is still being received.
    func open(_ request: S3Request, _ what: String) async throws -> HTTPClientResponse {
        try await retrying(what) { try await self.respond(to: request) }
    }

    private func retrying<Value: Sendable>(_ what: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await configuration.retry.run(when: { ($0 as? S3Failure)?.isTransient ?? false }) { attempt in
                do {
                    return try await body()
                } catch let failure as S3Failure {
                    logger.debug(
                        "request to the S3 store failed",
                        metadata: ["what": "\(what)", "s3": "\(failure.code)", "attempt": "\(attempt)"])
                    throw failure
                }
            }
        } catch let failure as S3Failure {
            throw failure.error(what)
        }
    }

    /// - Throws: `S3Failure`, or `CancellationError`.
    private func respond(to request: S3Request) async throws -> HTTPClientResponse {
        do {
            return try await respondOnce(to: request)
        } catch let failed as FailedResponse {
            let failed = await addingCode(to: failed, of: request)
            // The keys may have been changed since they were read, or our clock may be wrong: correct both and try once
            // more.
            let reloaded = failed.isAboutKeys && reloadCredentials(otherThan: failed.credentials)
            let corrected = failed.failure.status == 403 && time.correct(by: failed.date, signedAt: failed.signedAt)
            guard reloaded || corrected else { throw failed.failure }
            do { return try await respondOnce(to: request) } catch let failed as FailedResponse { throw failed.failure }
        }
    }

    private struct FailedResponse: Error {
        var failure: S3Failure
        var date: String?
        /// What the request was signed with. Both may have been corrected since, by another request.
        var credentials: S3Credentials
        var signedAt: Timestamp

        var isAboutKeys: Bool {
            ["InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"].contains(failure.code)
        }
    }

    /// Returns the failure of a HEAD request with its error code. A response to HEAD has no body, so the same request
    /// is sent as GET; its error code tells wrong keys from missing rights.
    private func addingCode(to failed: FailedResponse, of request: S3Request) async -> FailedResponse {
        guard request.method == "HEAD", [400, 403].contains(failed.failure.status) else { return failed }
        var probe = request
        probe.method = "GET"
        if request.name.isEmpty {
            probe.query += [("list-type", "2"), ("max-keys", "1")]
        } else {
            probe.headers.append(("Range", "bytes=0-0"))
        }
        // Some servers send a body with their response to HEAD, which breaks the connection: try a second time.
        for _ in 0..<2 {
            do {
                _ = try await respondOnce(to: probe).body.collect(upTo: 1 << 16)
                return failed
            } catch let detailed as FailedResponse {
                return detailed.failure.status == failed.failure.status ? detailed : failed
            } catch {}
        }
        return failed
    }

    /// - Returns: whether the credentials are others than those that were used.
    private func reloadCredentials(otherThan used: S3Credentials) -> Bool {
        guard let fresh = try? configuration.credentials.load() else { return false }
        credentials.withLock { $0 = fresh }
        return fresh != used
    }

    private func respondOnce(to request: S3Request) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        let (credentials, now) = (credentials.withLock { $0 }, time.now())
        do {
            response = try await http.execute(
                signed(request, with: credentials, at: now), deadline: .now() + timeLimit(for: request))
        } catch {
            throw Self.failure(error)
        }
        guard !(200..<300).contains(response.status.code) else { return response }
        let body = try? await response.body.collect(upTo: 1 << 16)
        let failure = S3Failure(
            status: Int(response.status.code), body: body.map { Array($0.readableBytesView) } ?? [],
            request: response.headers.first(name: "x-amz-request-id"))
        throw FailedResponse(
            failure: failure, date: response.headers.first(name: "Date"), credentials: credentials, signedAt: now)
    }

    var signer: S3Signer { S3Signer(credentials: credentials.withLock { $0 }, region: configuration.region) }

    /// Returns the time limit of one attempt. An idle connection fails sooner; this limits transfers that are slower
    /// than 16 KiB a second.
    private func timeLimit(for request: S3Request) -> TimeAmount {
        .milliseconds(configuration.silence.milliseconds * 3)
            + .seconds(Int64(request.body.readableBytes) >> 14)
    }

    /// Converts the error of a request without a response to an `S3Failure`; a cancellation stays one.
    static func failure(_ error: any Error) -> any Error {
        if error is S3Failure || error is CancellationError { return error }
        if let error = error as? HTTPClientError, error == .cancelled { return CancellationError() }
        return S3Failure(status: 0, code: S3Failure.noAnswer, message: "\(error)")
    }

    private static func transport(
        _ configuration: S3Configuration, hosts: [String: String]
    ) throws -> HTTPClient.Configuration {
        let silence = TimeAmount.milliseconds(configuration.silence.milliseconds)
        var transport = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(
                connect: min(silence, .seconds(10)), read: silence, write: silence))
        // `Retry` already retries.
        transport.connectionPool.retryConnectionEstablishment = false
        transport.httpVersion = .http1Only
        transport.dnsOverride = hosts
        if let authority = configuration.authority {
            do {
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority))
                transport.tlsConfiguration = tls
            } catch {
                throw GuardianError(
                    .failedPrecondition,
                    "The S3 store's certificate authority cannot be read: check the PEM file \(authority).",
                    cause: error)
            }
        }
        return transport
    }
}
