import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

import GuardianHTTP

@Suite("The bytes that a request may have")
struct RequestSizeTests {
    private let channel = EmbeddedChannel()

    init() throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
        try RequestSize.install(on: pipeline, limit: 1000)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

    @Test(
        "a connection ends when its request does not",
        arguments: [
            "POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;a=",
            "GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: none\r\n\r\n", "CONNECT localhost:1 HTTP/1.1\r\n\r\n",
        ])
    func endless(head: String) throws {
        try send(head)
        for _ in 0..<9 { try send(String(repeating: "x", count: 100)) }
        #expect(channel.isActive)
        // The decoder reports a body that ends early, as it would to the framework.
        try? send(String(repeating: "x", count: 200))
        #expect(!channel.isActive)
    }

    @Test("each request is counted by itself")
    func counted() throws {
        for _ in 0..<20 {
            try send("POST / HTTP/1.1\r\nContent-Length: 800\r\n\r\n")
            try send(String(repeating: "x", count: 400))
            try send(String(repeating: "x", count: 400))
        }
        #expect(channel.isActive)
    }
}
