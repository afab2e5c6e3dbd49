import NIOCore
import NIOEmbedded
import NIOSSL
import Testing

@testable import GuardianHTTP

@Suite("The first byte of a connection")
struct FirstByteTests {
    private let channel = EmbeddedChannel()

    private func add(plain: EventLoopPromise<Bool>? = nil) throws -> EventLoopFuture<Bool> {
        let negotiated = channel.eventLoop.makePromise(of: Bool.self)
        let handler = FirstByte(within: .seconds(10), negotiated: negotiated) { channel in
            channel.eventLoop.makeSucceededFuture(true)
        } plain: { channel in
            plain?.futureResult ?? channel.eventLoop.makeSucceededFuture(false)
        }
        try channel.pipeline.syncOperations.addHandler(handler)
        return negotiated.futureResult
    }

    @Test("a handshake's first byte is told from any other, and is passed on")
    func decision() throws {
        for byte in UInt8.min...UInt8.max {
            let test = FirstByteTests()
            let negotiated = try test.add()
            try test.channel.writeInbound(ByteBuffer(bytes: [byte, 7]))
            #expect(try negotiated.wait() == (byte == 0x16))
            #expect(try test.channel.readInbound(as: ByteBuffer.self) == ByteBuffer(bytes: [byte, 7]))
            _ = try test.channel.finish()
        }
    }

    @Test(
        "a connection that says nothing, or does not finish what it began, is closed after ten seconds",
        arguments: [false, true])
    func slow(begins: Bool) throws {
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let plain = channel.eventLoop.makePromise(of: Bool.self)
        let negotiated = try add(plain: plain)
        if begins { try channel.writeInbound(ByteBuffer(bytes: [0x47])) }
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(!channel.isActive)
        plain.fail(ChannelError.eof)
        channel.embeddedEventLoop.run()
        #expect(throws: (any Error).self) { try negotiated.wait() }
    }

    @Test("a negotiated connection has no deadline")
    func negotiated() throws {
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let negotiated = try add()
        try channel.writeInbound(ByteBuffer(bytes: [0x16]))
        #expect(try negotiated.wait())
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        _ = try channel.finish()
    }

    @Test("a server that shuts down does not wait for it")
    func quiescing() throws {
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let negotiated = try add()
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        channel.embeddedEventLoop.run()
        #expect(!channel.isActive)
        #expect(throws: (any Error).self) { try negotiated.wait() }
    }
}
