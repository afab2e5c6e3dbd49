import AsyncHTTPClient
import GuardianCore
import GuardianOperations
import GuardianTestKit
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing

import GuardianHTTP

@Suite("HTTPS on a socket", .timeLimit(.minutes(10)))
struct TLSSerialTests {
    private let place = TemporaryFolder()
    private var client: TrustingClient { TrustingClient(authority: place.path("web-authority/authority.pem")) }
    private let clock = ManualClock(SystemClock().now())
    private let monotonic = TestClock()

    private func certificates() throws -> WebCertificates {
        try WebCertificates(
            .standard, folder: place.path("web-authority"), server: "edge",
            machine: { Machine(name: "recorder", addresses: []) }, clock: clock, monotonic: monotonic,
            logger: LogBook().logger)
    }

    private func serving<Value: Sendable>(
        _ certificates: WebCertificates, _ body: @Sendable (_ port: Int) async throws -> Value
    ) async throws -> Value {
        try await withServer(
            tls: certificates,
            routes: { routes in
                routes.get("/thing", needs: .everyone) { web in
                    try JSON.response([web.caller.origin.address.text])
                }
                routes.get("/silent", needs: .everyone) { _ in Response(status: .ok) }
                routes.post("/echo", needs: .everyone) { web in
                    var request = web.request
                    return Response(
                        status: .ok, body: ResponseBody(byteBuffer: try await request.collectBody(upTo: 65536)))
                }
            }
        ) { port, _ in try await body(port) }
    }

    @Test("a client that trusts the authority is served")
    func served() async throws {
        try await serving(certificates()) { port in
            try await client.run({ $0.httpVersion = .http1Only }) { client in
                var request = HTTPClientRequest(url: "https://localhost:\(port)/thing")
                request.headers.add(name: "Origin", value: "https://localhost:\(port)")
                let response = try await client.execute(request, timeout: .seconds(120))
                #expect(response.status == .ok)
                #expect(response.version == .http1_1)
                #expect(String(buffer: try await response.body.collect(upTo: 1000)) == "[\"127.0.0.1\"]")
                #expect(response.headers["Strict-Transport-Security"].isEmpty)
            }
        }
    }

    @Test("a page of the plain server on the same host is another origin")
    func plainOrigin() async throws {
        try await serving(certificates()) { port in
            try await client.run { client in
                var request = HTTPClientRequest(url: "https://localhost:\(port)/thing")
                request.headers.add(name: "Origin", value: "http://localhost:\(port)")
                let response = try await client.execute(request, timeout: .seconds(120))
                #expect(response.status == .forbidden)
            }
        }
    }

    @Test("an answer that says nothing about storing must not be stored")
    func noStore() async throws {
        try await serving(certificates()) { port in
            try await client.run { client in
                let response = try await client.execute(
                    HTTPClientRequest(url: "https://localhost:\(port)/silent"), timeout: .seconds(120))
                #expect(response.headers["Cache-Control"] == ["no-store"])
            }
        }
    }

    @Test(
        "a plain request is redirected to the same address",
        arguments: ["localhost:PORT", "127.0.0.1", "guardian.local"])
    func redirect(host: String) async throws {
        try await serving(certificates()) { port in
            try await Wire.connect(port) { wire in
                let host = host.replacing("PORT", with: "\(port)")
                try await wire.send("GET /live?camera=gate HTTP/1.1", "Host: \(host)", "Cookie: a=b")
                let answer = try await wire.answer()
                #expect(answer.status == 308)
                #expect(answer["location"] == "https://\(host)/live?camera=gate")
                #expect(answer["connection"] == "close")
                #expect(answer["content-length"] == "0")
                #expect(try await wire.readToEnd().isEmpty)
            }
        }
    }

    @Test(
        "a plain request that names no server of ours, or no path, is refused",
        arguments: [
            ["GET / HTTP/1.1", "Host: evil.example"], ["GET / HTTP/1.1"],
            ["GET / HTTP/1.1", "Host: localhost", "Host: a"],
            ["GET http://evil.example/ HTTP/1.1", "Host: localhost"], ["OPTIONS * HTTP/1.1", "Host: localhost"],
            ["CONNECT localhost:443 HTTP/1.1", "Host: localhost"], ["GET / HTTP/1.1", "Host: localhost@evil.example"],
        ])
    func refusedRedirect(lines: [String]) async throws {
        try await serving(certificates()) { port in
            try await Wire.connect(port) { wire in
                try await wire.send(lines.joined(separator: "\r\n"))
                let answer = try await wire.answer()
                #expect(answer.status == 400)
                #expect(answer["location"] == nil)
                #expect(try await wire.readToEnd().isEmpty)
            }
        }
    }

    @Test("what is neither TLS nor HTTP is closed without an answer", arguments: ["\u{1}\u{2}\u{3}\u{4}", "SSH-2.0-x"])
    func garbage(text: String) async throws {
        try await serving(certificates()) { port in
            try await Wire.connect(port) { wire in
                try await wire.send(text)
                #expect(try await wire.readToEnd().isEmpty)
            }
        }
    }

    @Test("a broken handshake is closed, and the server goes on")
    func brokenHandshake() async throws {
        try await serving(certificates()) { port in
            try await Wire.connect(port) { wire in
                try await wire.send("\u{16}\u{3}\u{1}\u{0}\u{5}hello")
                // An alert, which no request could be.
                #expect(try await wire.readToEnd().count < 16)
            }
            try await client.run { client in
                let request = HTTPClientRequest(url: "https://localhost:\(port)/thing")
                let response = try await client.execute(request, timeout: .seconds(120))
                #expect(response.status == .ok)
            }
        }
    }

    @Test("the next connection gets a renewed certificate")
    func reload() async throws {
        let certificates = try certificates()
        try await serving(certificates) { port in
            func seen() async throws -> NIOSSLCertificate {
                let found = AsyncStream.makeStream(of: NIOSSLCertificate.self)
                let context = try NIOSSLContext(
                    configuration: client.trust { $0.certificateVerification = .noHostnameVerification })
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: port) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            let handler = try NIOSSLClientHandler(
                                context: context, serverHostname: nil,
                                customVerificationCallback: { chain, verified in
                                    for certificate in chain.prefix(1) { found.continuation.yield(certificate) }
                                    verified.succeed(.certificateVerified)
                                })
                            try channel.pipeline.syncOperations.addHandler(handler)
                            return channel
                        }
                    }
                let certificate = try #require(await found.stream.first { _ in true })
                try? await channel.close()
                return certificate
            }
            let first = try await seen()
            #expect(try await seen() == first)
            let old = certificates.context()
            let (metrics, end) = (MetricsRegistry(), certificates.end)
            CertificateUse.register(in: metrics) { [.web: certificates.end] }
            let name = #"guardian_certificate_end_timestamp_seconds{use="web"}"#
            #expect(metrics.exposition().contains("\(name) \(end.milliseconds / 1_000)"))
            clock.set(clock.now() + 61 * 86_400_000)
            try await eventually("renewed", advancing: monotonic, by: .seconds(180)) { certificates.context() !== old }
            #expect(try await seen() != first)
            #expect(certificates.end > end)
            #expect(metrics.exposition().contains("\(name) \(certificates.end.milliseconds / 1_000)"))
        }
    }

    @Test(
        "TLS 1.2 and 1.3 are spoken, 1.1 is not",
        arguments: [(TLSVersion.tlsv11, false), (.tlsv12, true), (.tlsv13, true)])
    func versions(version: TLSVersion, isSpoken: Bool) async throws {
        try await serving(certificates()) { port in
            let context = try NIOSSLContext(
                configuration: client.trust { ($0.minimumTLSVersion, $0.maximumTLSVersion) = (version, version) })
            let answer = try? await Wire.connect(port, tls: context) { wire in
                try await wire.send("GET /thing HTTP/1.1", "Host: localhost")
                return try await wire.answer()
            }
            #expect((answer?.status == 200) == isSpoken)
        }
    }

    @Test("a suite without forward secrecy is refused")
    func suites() async throws {
        try await serving(certificates()) { port in
            for (suite, isSpoken) in [
                (NIOTLSCipher.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true),
                (.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, false), (.TLS_RSA_WITH_AES_128_GCM_SHA256, false),
            ] {
                let context = try NIOSSLContext(
                    configuration: client.trust {
                        $0.maximumTLSVersion = .tlsv12
                        $0.cipherSuiteValues = [suite]
                    })
                let answer = try? await Wire.connect(port, tls: context) { wire in
                    try await wire.send("GET /thing HTTP/1.1", "Host: localhost")
                    return try await wire.answer()
                }
                #expect((answer?.status == 200) == isSpoken, "\(suite.rawValue)")
            }
        }
    }

    @Test("a client that closes only its side of TLS ends its stream")
    func closeNotify() async throws {
        let ended = Watermark(0)
        try await withServer(
            tls: certificates(),
            routes: { routes in
                routes.stream("/flow", needs: .everyone) { web in
                    StreamResponse.make(for: web, contentType: "text/plain") { pipe in
                        try await pipe.send(ByteBuffer(string: "first"))
                        defer { ended.advance(to: 1) }
                        try await Task.sleep(for: .seconds(3600))
                    }
                }
            }
        ) { port, _ in
            try await Wire.connect(port, tls: try NIOSSLContext(configuration: client.trust())) { wire in
                try await wire.send("GET /flow HTTP/1.1", "Host: localhost")
                _ = try #require(try await wire.read(through: "first"))
            }
            try await ended.wait(beyond: 0)
        }
    }

    @Test("a connection too many is closed at once, and the others go on")
    func tooManyConnections() async throws {
        var allowance = ConnectionAllowance()
        (allowance.total, allowance.reserved) = (8, 7)
        let metrics = MetricsRegistry()
        let tls = try certificates()
        try await withServer(
            tls: tls, metrics: metrics, connections: allowance,
            routes: { routes in routes.get("/thing", needs: .everyone) { _ in try JSON.response(["a": 1]) } }
        ) { port, _ in
            let trust = try NIOSSLContext(configuration: client.trust())
            try await Wire.connect(port, tls: trust) { first in
                try await first.send("GET /thing HTTP/1.1", "Host: localhost")
                #expect(try await first.answer().status == 200)
                let more = try? await Wire.connect(port, tls: trust) { second in
                    try await second.send("GET /thing HTTP/1.1", "Host: localhost")
                    return try await second.read(through: "HTTP/1.1")
                }
                #expect(more == nil)
                try await first.send("GET /thing HTTP/1.1", "Host: localhost")
                #expect(try await first.answer().status == 200)
            }
            // The first one has ended: its place is free again.
            try await eventually("no connection is open") {
                metrics.exposition().contains("guardian_http_connections 0\n")
            }
            try await Wire.connect(port, tls: trust) { third in
                try await third.send("GET /thing HTTP/1.1", "Host: localhost")
                #expect(try await third.answer().status == 200)
            }
            #expect(metrics.exposition().contains("guardian_http_connections_refused_total 1\n"))
        }
    }

    @Test("a server without TLS runs on a loopback address only")
    func plainServer() async throws {
        let server = WebServer(
            address: try ListenAddress(host: "0.0.0.0", port: 0), gate: .open, metrics: MetricsRegistry(),
            logger: LogBook().logger
        ) { _ in }
        let error = await #expect(throws: GuardianError.self) { try await server.run() }
        #expect(error?.code == .failedPrecondition)
    }
}
