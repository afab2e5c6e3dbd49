import AsyncHTTPClient
import NIOSSL

/// A client that trusts the authority of a server under test alone.
struct TrustingClient {
    /// The file of the authority's certificate. Read at each use, since a server makes it when it starts.
    let authority: String

    func trust(_ change: (inout TLSConfiguration) -> Void = { _ in }) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority))
        change(&configuration)
        return configuration
    }

    /// Runs `body` with the client, and shuts it down however that ends.
    func run<Value: Sendable>(
        _ change: (inout HTTPClient.Configuration) -> Void = { _ in },
        _ body: @Sendable (HTTPClient) async throws -> Value
    ) async throws -> Value {
        var configuration = HTTPClient.Configuration(tlsConfiguration: try trust())
        configuration.redirectConfiguration = .disallow
        change(&configuration)
        let client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
        do {
            let value = try await body(client)
            try await client.shutdown()
            return value
        } catch {
            try await client.shutdown()
            throw error
        }
    }
}
