import NIOCore
import NIOEmbedded
import Testing

import GuardianHTTP

@Suite("The time that a block of HTTP/2 headers may take")
struct HeaderBlockDeadlineTests {
    private static let (data, headers, settings, continuation): (UInt8, UInt8, UInt8, UInt8) = (0, 1, 4, 9)
    private static let endHeaders: UInt8 = 4

    private let channel = EmbeddedChannel()

    init() throws {
        try channel.pipeline.syncOperations.addHandler(HeaderBlockDeadline(within: .seconds(10)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(Self.settings, []))
    }

    private func frame(_ kind: UInt8, flags: UInt8 = 0, _ payload: [UInt8]) -> [UInt8] {
        [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF), kind, flags, 0, 0, 0, 1] + payload
    }

    private func send(_ bytes: [UInt8]) throws { try channel.writeInbound(ByteBuffer(bytes: bytes)) }

    private func wait(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    @Test("ends the connection after ten seconds, however steadily its frames come")
    func slowFrames() throws {
        try send(frame(Self.headers, [0x82]))
        for _ in 0..<9 {
            wait(.seconds(1))
            try send(frame(Self.continuation, [0x84]))
        }
        #expect(channel.isActive)
        wait(.seconds(1))
        #expect(!channel.isActive)
    }

    @Test("ends the connection when the bytes of a frame come one by one, also those before its kind is known")
    func slowBytes() throws {
        for byte in frame(Self.headers, flags: Self.endHeaders, [0x82, 0x84, 0x86]).prefix(10) {
            #expect(channel.isActive)
            try send([byte])
            wait(.seconds(1))
        }
        #expect(!channel.isActive)
    }

    @Test("is each block's own, in whatever pieces frames arrive", arguments: [1, 2, 7, 1_000])
    func whole(_ size: Int) throws {
        let request =
            frame(Self.headers, [0x82]) + frame(Self.continuation, flags: Self.endHeaders, [0x84, 0x86])
            + frame(Self.data, Array(repeating: Self.headers, count: 300))
        wait(.hours(1))
        for _ in 0..<3 {
            try send(Array(request.prefix(12)))
            wait(.seconds(9))
            var rest = request.dropFirst(12)
            while !rest.isEmpty {
                try send(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            wait(.hours(1))
            #expect(channel.isActive)
        }
    }

    @Test("does not hold for a body, which has its own")
    func body() throws {
        try send(frame(Self.headers, flags: Self.endHeaders, [0x82]))
        try send(Array(frame(Self.data, Array(repeating: 0, count: 100)).prefix(20)))
        wait(.seconds(60))
        #expect(channel.isActive)
    }

    @Test("passes everything on")
    func passes() throws {
        let bytes = frame(Self.headers, [0x82])
        try send(bytes)
        var passed: [UInt8] = []
        while let buffer = try channel.readInbound(as: ByteBuffer.self) { passed += Array(buffer.readableBytesView) }
        #expect(passed.suffix(bytes.count) == bytes[...])
    }
}
