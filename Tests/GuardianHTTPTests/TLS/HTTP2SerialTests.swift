import AsyncHTTPClient
import GuardianCore
import GuardianOperations
import GuardianTestKit
import Hummingbird
import NIOCore
import NIOHTTP2
import NIOPosix
import NIOSSL
import Testing

import GuardianHTTP

@Suite("HTTP/2 on a socket", .timeLimit(.minutes(10)))
struct HTTP2SerialTests {
    private let place = TemporaryFolder()
    private var client: TrustingClient { TrustingClient(authority: place.path("web-authority/authority.pem")) }

    private func certificates() throws -> WebCertificates {
        try WebCertificates(
            .standard, folder: place.path("web-authority"), server: "edge",
            machine: { Machine(name: "recorder", addresses: []) }, clock: SystemClock(), monotonic: TestClock(),
            logger: LogBook().logger)
    }

    @Test("requests and their bodies are served, and the client's address is known")
    func served() async throws {
        try await withServer(
            tls: certificates(),
            routes: { routes in
                routes.get("/who", needs: .everyone) { web in try JSON.response(web.caller.origin.address.text) }
                routes.post("/echo", needs: .everyone) { web in
                    var request = web.request
                    let body = try await request.collectBody(upTo: 65536)
                    return Response(status: .ok, body: ResponseBody(byteBuffer: body))
                }
            }
        ) { port, _ in
            try await client.run { client in
                let who = try await client.execute(
                    HTTPClientRequest(url: "https://localhost:\(port)/who"), timeout: .seconds(120))
                #expect(who.version == .http2)
                #expect(who.status == .ok)
                let text = String(buffer: try await who.body.collect(upTo: 1000))
                #expect(text == "\"127.0.0.1\"")
                #expect(who.headers["Cache-Control"] == ["no-store"])
                #expect(who.headers["Connection"].isEmpty)
                var request = HTTPClientRequest(url: "https://localhost:\(port)/echo")
                request.method = .POST
                request.body = .bytes(ByteBuffer(string: "said"))
                request.headers.add(name: "Origin", value: "https://localhost:\(port)")
                let echo = try await client.execute(request, timeout: .seconds(120))
                let said = String(buffer: try await echo.body.collect(upTo: 1000))
                #expect(said == "said")
            }
        }
    }

    @Test("foreign hosts and origins are refused as on HTTP/1.1")
    func guards() async throws {
        try await withServer(
            tls: certificates(), routes: { $0.get("/who", needs: .everyone) { _ in try JSON.response("you") } }
        ) { port, _ in
            try await client.run { client in
                for (name, value) in [("Host", "evil.example"), ("Origin", "http://localhost:\(port)")] {
                    var request = HTTPClientRequest(url: "https://localhost:\(port)/who")
                    request.headers.add(name: name, value: value)
                    let answer = try await client.execute(request, timeout: .seconds(120))
                    #expect(answer.version == .http2)
                    #expect(answer.status == .forbidden || answer.status == .badRequest, "\(name)")
                }
            }
        }
    }

    @Test(
        "a stream lasts longer than its request, and ends when the client resets it, while the connection serves others"
    )
    func reset() async throws {
        let (read, ended) = (Watermark(0), Watermark(0))
        try await withServer(
            tls: certificates(),
            routes: { routes in
                routes.stream("/flow", needs: .everyone) { web in
                    StreamResponse.make(for: web, contentType: "text/plain") { pipe in
                        try await pipe.send(ByteBuffer(string: "first"))
                        defer { ended.advance(to: 1) }
                        try await read.wait(beyond: 0)
                        try await pipe.send(ByteBuffer(string: "second"))
                        try await Task.sleep(for: .seconds(3600))
                    }
                }
                routes.get("/who", needs: .everyone) { _ in try JSON.response("you") }
            }
        ) { port, _ in
            try await client.run { client in
                let url = "https://localhost:\(port)"
                do {
                    let flow = try await client.execute(HTTPClientRequest(url: url + "/flow"), timeout: .seconds(120))
                    #expect(flow.version == .http2)
                    var text = ""
                    for try await piece in flow.body {
                        text += String(buffer: piece)
                        if text == "first" { read.advance(to: 1) }
                        if text == "firstsecond" { break }
                    }
                    #expect(text == "firstsecond")
                }
                // Leaving the loop resets the stream.
                try await ended.wait(beyond: 0)
                let who = try await client.execute(HTTPClientRequest(url: url + "/who"), timeout: .seconds(120))
                #expect(who.status == .ok)
            }
        }
    }

    @Test("many large answers at once arrive whole")
    func many() async throws {
        let large = ByteBuffer(repeating: 7, count: 1_000_003)
        try await withServer(
            tls: certificates(),
            routes: { routes in
                routes.stream("/large", needs: .everyone) { web in
                    StreamResponse.make(for: web, contentType: "application/octet-stream") { pipe in
                        var rest = large
                        while let piece = rest.readSlice(length: min(rest.readableBytes, 100_000)),
                            piece.readableBytes > 0
                        {
                            try await pipe.send(piece)
                        }
                    }
                }
            }
        ) { port, _ in
            try await client.run { client in
                let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            let answer = try await client.execute(
                                HTTPClientRequest(url: "https://localhost:\(port)/large"), timeout: .seconds(60))
                            return try await answer.body.reduce(0) { $0 + $1.readableBytes }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(lengths == Array(repeating: large.readableBytes, count: 20))
            }
        }
    }

    @Test("streams end cleanly when the server shuts down")
    func shutdown() async throws {
        try await withServer(
            tls: certificates(),
            routes: { routes in
                routes.stream("/flow", needs: .everyone) { web in
                    StreamResponse.make(for: web, contentType: "text/plain") { pipe in
                        try await pipe.send(ByteBuffer(string: "first"))
                        try await Task.sleep(for: .seconds(3600))
                    }
                }
            }
        ) { port, group in
            try await client.run { client in
                let flow = try await client.execute(
                    HTTPClientRequest(url: "https://localhost:\(port)/flow"), timeout: .seconds(120))
                var text = ""
                for try await piece in flow.body {
                    text += String(buffer: piece)
                    if text == "first" { await group.triggerGracefulShutdown() }
                }
                #expect(text == "first")
            }
        }
    }

    @Test("a client may ask again and again whether the connection lives")
    func pings() async throws {
        try await withServer(
            tls: certificates(), routes: { $0.get("/who", needs: .everyone) { _ in try JSON.response("you") } }
        ) { port, _ in
            var configuration = try client.trust()
            configuration.applicationProtocols = ["h2"]
            let context = try NIOSSLContext(configuration: configuration)
            let answers = AsyncStream.makeStream(of: UInt64?.self)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                        try pipeline.addHandler(NIOHTTP2Handler(mode: .client))
                        try pipeline.addHandler(PingAnswers(answers.continuation))
                        return channel
                    }
                }
            var received = answers.stream.makeAsyncIterator()
            for number in UInt64(0)..<10 {
                let ping = HTTP2Frame(
                    streamID: .rootStream, payload: .ping(HTTP2PingData(withInteger: number), ack: false))
                try await channel.writeAndFlush(ping)
                #expect(await received.next() == .some(number))
            }
            try await channel.close()
        }
    }
}

/// Reports each answered PING, and `nil` when the connection ends.
private final class PingAnswers: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let answers: AsyncStream<UInt64?>.Continuation

    init(_ answers: AsyncStream<UInt64?>.Continuation) { self.answers = answers }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .ping(let data, ack: true) = unwrapInboundIn(data).payload { answers.yield(data.integer) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answers.yield(nil)
        context.fireChannelInactive()
    }
}
