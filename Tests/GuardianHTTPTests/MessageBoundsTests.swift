import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

import GuardianHTTP

@Suite("Where messages end, and whose answer is whose")
struct MessageBoundsTests {
    private let channel = EmbeddedChannel()

    init() throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(MessageBounds(), position: .after(decoder))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

    private func sendBroken(_ text: String) {
        #expect(throws: HTTPParserError.self) { try channel.writeInbound(ByteBuffer(string: text)) }
    }

    /// The heads of requests that were handed on since the last call.
    private func heads() throws -> [HTTPRequestHead] {
        var found: [HTTPRequestHead] = []
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
            if case .head(let head) = part { found.append(head) }
        }
        return found
    }

    /// Answers as the server does, and returns what is sent of it.
    private func answer(_ status: HTTPResponseStatus) throws -> String {
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: ["Content-Length": "2"])
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
        try channel.writeOutbound(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: "ok"))))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        var sent = ""
        while let piece = try channel.readOutbound(as: ByteBuffer.self) { sent += String(buffer: piece) }
        return sent
    }

    @Test(
        "a body whose end is in doubt is seen by nobody, nor is what follows it",
        arguments: [
            "Transfer-Encoding: gzip", "Transfer-Encoding: identity", "Transfer-Encoding: xchunked",
            "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked;a=b",
            "Transfer-Encoding: chunked\r\nContent-Length: 5", "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding:",
        ])
    func doubtful(fields: String) throws {
        sendBroken("POST / HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n")
        #expect(try heads().isEmpty)
        #expect(try answer(.badRequest).hasPrefix("HTTP/1.1 400 "))
        #expect(try answer(.ok).isEmpty)
    }

    @Test("chunks with HTTP/1.0 are seen by nobody")
    func oldVersion() throws {
        let fields = "Host: localhost\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked"
        sendBroken("POST / HTTP/1.0\r\n\(fields)\r\n\r\n0\r\n\r\n")
        #expect(try heads().isEmpty)
    }

    @Test(
        "a body whose end is beyond doubt is handed on, and so is the next request",
        arguments: ["Transfer-Encoding: chunked", "transfer-encoding: \tCHUNKED ", "Content-Length: 5", "Accept: */*"])
    func beyondDoubt(field: String) throws {
        let body = ["A": "", "C": "hello"][field.prefix(1)] ?? "5\r\nhello\r\n0\r\n\r\n"
        try send("POST / HTTP/1.1\r\nHost: localhost\r\n\(field)\r\n\r\n\(body)GET /next HTTP/1.1\r\n\r\n")
        #expect(try heads().map(\.uri) == ["/", "/next"])
        for _ in 0..<2 {
            let sent = try answer(.ok)
            #expect(sent.hasPrefix("HTTP/1.1 200 ") && sent.hasSuffix("ok") && !sent.contains("close"))
        }
        #expect(try answer(.ok).isEmpty)
    }

    @Test("a request that was answered before its body turned out to be broken gets no second answer")
    func oneAnswer() throws {
        try send("GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
        #expect(try answer(.ok).contains(" 200 "))
        sendBroken("lo and more\r\n0\r\n\r\n")
        #expect(try answer(.badRequest).isEmpty)
    }

    @Test("a request whose body is broken before it was answered gets one answer, which says that it is the last")
    func brokenFirst() throws {
        sendBroken("GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n")
        #expect(try heads().map(\.uri) == ["/"])
        let sent = try answer(.ok)
        #expect(sent.contains(" 200 ") && sent.contains("Connection: close\r\n"))
        #expect(try answer(.badRequest).isEmpty)
    }

    @Test("what is no request is answered in its turn")
    func noRequest() throws {
        try send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        sendBroken("NONSENSE\r\n\r\n")
        #expect(try !answer(.ok).contains("close"))
        #expect(try answer(.badRequest).contains("Connection: close\r\n"))
        #expect(try answer(.badRequest).isEmpty)
    }

    @Test("an answer that announces the real one is none")
    func informational() throws {
        try send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try channel.writeOutbound(HTTPServerResponsePart.head(.init(version: .http1_1, status: .processing)))
        #expect(try answer(.ok).contains(" 200 "))
        #expect(try answer(.ok).isEmpty)
    }

    @Test(
        "nothing is read after the last request of a connection, and the server learns that it is the last",
        arguments: [
            "GET / HTTP/1.1\r\nConnection: Close", "GET / HTTP/1.1\r\nConnection: keep-alive, close", "GET / HTTP/1.0",
            "GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c", "CONNECT localhost:443 HTTP/1.1",
            "POST / HTTP/1.0\r\nContent-Length: 0",
        ])
    func last(head: String) throws {
        try send("\(head)\r\nHost: localhost\r\n\r\n")
        #expect(try heads().map { $0.headers["Connection"] } == [["close"]])
        // The decoder may call it an error, which is not worth an answer.
        try send("GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try heads().isEmpty)
        #expect(try answer(.ok).contains("Connection: close\r\n"))
        #expect(try answer(.badRequest).isEmpty)
    }

    @Test("an old client that wants to keep its connection keeps it")
    func keptAlive() throws {
        for _ in 0..<2 {
            try send("GET / HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
            #expect(try heads().count == 1)
            #expect(try !answer(.ok).contains("close"))
        }
    }
}
