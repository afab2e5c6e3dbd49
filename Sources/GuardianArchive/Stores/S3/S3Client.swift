import AsyncHTTPClient
import GuardianCore
import GuardianOperations
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Requests to one server: signed, tried again while their failure may pass, with the clock and the keys corrected.
final class S3Client: Sendable {
    let configuration: S3Configuration
    let time: ServerTime
    private let http: HTTPClient
    private let logger: Logger
    private let credentials: Mutex<S3Credentials>

    /// Bytes; a list of 1,000 names of 1,024 bytes, all of them encoded, has less.
    private static let longestAnswer = 8 << 20

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

    /// Makes a request and collects the answer.
    ///
    /// - Parameter read: makes something of the answer; when it throws an `S3Failure` that may pass, the request is made
    ///   again.
    /// - Throws: `GuardianError` with the `S3Failure` as its cause; `what` begins the message.
    func send<Value: Sendable>(
        _ request: S3Request, _ what: String, read: @Sendable (S3Answer) throws(S3Failure) -> Value
    ) async throws -> Value {
        try await again(what) {
            let response = try await self.respond(to: request)
            let body: ByteBuffer
            do {
                body = try await response.body.collect(upTo: Self.longestAnswer)
            } catch {
                throw Self.failure(error)
            }
            return try read(S3Answer(headers: response.headers, body: Array(body.readableBytesView)))
        }
    }

    /// Makes a request whose answer says nothing that we need.
    func send(_ request: S3Request, _ what: String) async throws {
        try await send(request, what) { _ throws(S3Failure) in }
    }

    /// Makes a request and gives its answer while it comes.
    func open(_ request: S3Request, _ what: String) async throws -> HTTPClientResponse {
        try await again(what) { try await self.respond(to: request) }
    }

    private func again<Value: Sendable>(_ what: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await configuration.retry.run(when: { ($0 as? S3Failure)?.isTransient ?? false }) { attempt in
                do {
                    return try await body()
                } catch let failure as S3Failure {
                    logger.debug(
                        "the S3 store refuses",
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
            let refusal = await explained(failed, of: request)
            // Keys may have been changed since they were read, and clocks be wrong: both show once they are corrected.
            let reloaded = refusal.isAboutKeys && reloadCredentials()
            let corrected = refusal.failure.status == 403 && time.learn(refusal.date)
            guard reloaded || corrected else { throw refusal.failure }
            do { return try await respondOnce(to: request) } catch let failed as FailedResponse { throw failed.failure }
        }
    }

    private struct FailedResponse: Error {
        var failure: S3Failure
        var date: String?

        var isAboutKeys: Bool {
            ["InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"].contains(failure.code)
        }
    }

    /// The answer to HEAD has no room for a reason: the same as GET tells wrong keys from missing rights.
    private func explained(_ refusal: FailedResponse, of request: S3Request) async -> FailedResponse {
        guard request.method == "HEAD", [400, 403].contains(refusal.failure.status) else { return refusal }
        var question = request
        question.method = "GET"
        if request.name.isEmpty {
            question.query += [("list-type", "2"), ("max-keys", "1")]
        } else {
            question.headers.append(("Range", "bytes=0-0"))
        }
        // Some servers spoil the connection with a body behind their answer to HEAD: then once more.
        for _ in 0..<2 {
            do {
                _ = try await respondOnce(to: question).body.collect(upTo: 1 << 16)
                return refusal
            } catch let answer as FailedResponse {
                return answer.failure.status == refusal.failure.status ? answer : refusal
            } catch {}
        }
        return refusal
    }

    /// - Returns: whether they are others now.
    private func reloadCredentials() -> Bool {
        guard let fresh = try? configuration.credentials.load() else { return false }
        return credentials.withLock { old in
            defer { old = fresh }
            return old != fresh
        }
    }

    private func respondOnce(to request: S3Request) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await http.execute(signed(request), deadline: .now() + patience(for: request))
        } catch {
            throw Self.failure(error)
        }
        guard !(200..<300).contains(response.status.code) else { return response }
        let body = try? await response.body.collect(upTo: 1 << 16)
        let failure = S3Failure(
            status: Int(response.status.code), body: body.map { Array($0.readableBytesView) } ?? [],
            request: response.headers.first(name: "x-amz-request-id"))
        throw FailedResponse(failure: failure, date: response.headers.first(name: "Date"))
    }

    var signer: S3Signer { S3Signer(credentials: credentials.withLock { $0 }, region: configuration.region) }

    /// Silence ends a try sooner; this is for a line that is slower than 16 KiB a second.
    private func patience(for request: S3Request) -> TimeAmount {
        .milliseconds(Int64(configuration.silence / .milliseconds(1)) * 3)
            + .seconds(Int64(request.body.readableBytes) >> 14)
    }

    /// What a request that got no answer means; a cancellation stays one.
    static func failure(_ error: any Error) -> any Error {
        if error is S3Failure || error is CancellationError { return error }
        if let error = error as? HTTPClientError, error == .cancelled { return CancellationError() }
        return S3Failure(status: 0, code: S3Failure.noAnswer, message: "\(error)")
    }

    private static func transport(
        _ configuration: S3Configuration, hosts: [String: String]
    ) throws -> HTTPClient.Configuration {
        let silence = TimeAmount.milliseconds(Int64(configuration.silence / .milliseconds(1)))
        var transport = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(
                connect: min(silence, .seconds(10)), read: silence, write: silence))
        // What `Retry` does once must not be done twice.
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
                    .failedPrecondition, "The S3 store's authority cannot be read: check the PEM file \(authority).",
                    cause: error)
            }
        }
        return transport
    }
}
