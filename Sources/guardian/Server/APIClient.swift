import AsyncHTTPClient
import Foundation
import GuardianCore
import GuardianHTTP
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOSSL

/// A client of a Guardian server's web API.
struct APIClient: Sendable {
    /// Bytes of an answer that is read as a whole.
    private static let answerLimit = 16 << 20

    let server: ServerAddress
    private let tls: TLSConfiguration
    private let client: HTTPClient

    init(_ server: ServerAddress) {
        self.server = server
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authority = server.authority { tls.trustRoots = .file(authority) }
        self.tls = tls
        client = server.addressed.map { Self.client(connectingTo: $0, as: server.name) } ?? Self.shared
    }

    /// Clients last as long as the command.
    private static let shared = client(connectingTo: nil, as: "")

    private static func client(connectingTo address: String?, as name: String) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        // A server that does not prove who it is would be asked again and again until the request's deadline.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let address {
            configuration.dnsOverride = [name: address.trimmingCharacters(in: ["[", "]"])]
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Returns the answer of a GET request.
    ///
    /// - Throws: the server's error, or `unavailable`.
    func get<Answer: Decodable>(
        _ path: String, timeout: TimeAmount = .hours(24), as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        do {
            return try await Self.answer(of: try await request(path, timeout: timeout))
        } catch { throw failure(error) }
    }

    /// Returns the answer of a request that changes something.
    ///
    /// - Parameter body: sent as JSON.
    /// - Throws: the server's error, or `unavailable`.
    func send<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: some Encodable, timeout: TimeAmount = .minutes(1),
        as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        do {
            let bytes = ByteBuffer(data: try JSONEncoder().encode(body))
            return try await Self.answer(
                of: try await request(
                    path, method: method, headers: ["content-type": "application/json"], body: bytes, timeout: timeout))
        } catch { throw failure(error) }
    }

    /// Deletes what a path names.
    ///
    /// - Throws: the server's error, or `unavailable`.
    func delete(_ path: String, timeout: TimeAmount = .minutes(1)) async throws {
        do { _ = try await request(path, method: .DELETE, timeout: timeout) } catch { throw failure(error) }
    }

    private static func answer<Answer: Decodable>(of response: HTTPClientResponse) async throws -> Answer {
        let body = try await response.body.collect(upTo: answerLimit)
        return try JSONDecoder().decode(Answer.self, from: Data(buffer: body))
    }

    /// Returns a response whose status is 2xx; its body is still to be read.
    func request(
        _ path: String, method: HTTPMethod = .GET, headers: HTTPHeaders = [:], body: ByteBuffer? = nil,
        timeout: TimeAmount = .hours(24)
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: server.url + path)
        request.method = method
        request.body = body.map { .bytes($0) }
        request.tlsConfiguration = tls
        request.headers = headers
        if let token = server.token { request.headers.add(name: "authorization", value: "Bearer \(token.reveal())") }
        let response = try await client.execute(request, deadline: .now() + timeout)
        guard (200..<300).contains(response.status.code) else {
            let body = try await response.body.collect(upTo: 1 << 20)
            guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(buffer: body)) else {
                throw GuardianError(
                    .unavailable, "\(server.url) answered with \(response.status.code) and is not a Guardian server.")
            }
            throw GuardianError(problem.code, problem.detail)
        }
        return response
    }

    func failure(_ error: any Error) -> GuardianError {
        if let error = error as? GuardianError { return error }
        if error is NIOSSLError || error is BoringSSLError {
            return GuardianError(
                .unavailable,
                "\(server.url) cannot prove that it is this server: give its authority's certificate with --authority.",
                cause: error)
        }
        return GuardianError(
            .unavailable, "\(server.url) does not answer: check the address, and that Guardian runs there.",
            cause: error)
    }
}
