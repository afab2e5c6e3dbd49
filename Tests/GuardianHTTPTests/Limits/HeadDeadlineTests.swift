import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

import GuardianHTTP

@Suite("The time that a request's head may take")
struct HeadDeadlineTests {
    private let channel = EmbeddedChannel()

    init() throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
        try HeadDeadline.install(on: pipeline, within: .seconds(10))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

    @Test("a head that comes byte by byte ends after ten seconds, however steadily it comes")
    func slow() throws {
        try send("GET / HTTP/1.1\r\nHost: localhost\r\n")
        for _ in 0..<9 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try send("a")
        }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("a connection without a request waits as long as it likes, and each head has its own time")
    func whole() throws {
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        for _ in 0..<3 {
            try send("GET / HTTP/1.1\r\nHost: loc")
            channel.embeddedEventLoop.advanceTime(by: .seconds(9))
            try send("alhost\r\n\r\n")
            channel.embeddedEventLoop.advanceTime(by: .hours(1))
            #expect(channel.isActive)
        }
    }

    @Test("a body has its time elsewhere, and the next head again its own")
    func body() throws {
        try send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab")
        channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        try send("c")
        channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        #expect(channel.isActive)
        try send("d")
        channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        #expect(channel.isActive)
        try send("GET")
        channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        #expect(!channel.isActive)
    }
}
