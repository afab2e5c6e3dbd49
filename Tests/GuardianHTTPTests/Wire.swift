import GuardianHTTP
import GuardianOperations
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Testing

/// Runs a server on a real socket while `body` runs, then shuts it down gracefully.
func withServer<Value: Sendable>(
    tls: WebCertificates? = nil, gate: Gate = .open, access: WebAccessConfiguration = .standard,
    metrics: MetricsRegistry = MetricsRegistry(),
    connections: ConnectionAllowance = ConnectionAllowance(),
    routes: (inout Routes) throws -> Void,
    _ body: @Sendable (_ port: Int, _ group: ServiceGroup) async throws -> Value
) async throws -> Value {
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = try WebServer(
        address: ListenAddress(host: "127.0.0.1", port: 0), tls: tls, gate: gate, access: access, metrics: metrics,
        logger: logger,
        connections: connections,
        onListening: { found.yield($0) }, routes: routes)
    let group = ServiceGroup(services: [server], gracefulShutdownSignals: [], logger: logger)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            try await group.run()
            found.finish()
        }
        let port = try #require(await ports.first { _ in true })
        let value = try await body(port, group)
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return value
    }
}

/// A TCP connection, perhaps with TLS, that sends and receives exact bytes.
struct Wire {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ByteBuffer()

    static func connect<Value: Sendable>(
        _ port: Int, tls: NIOSSLContext? = nil, _ body: @Sendable (inout Wire) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var wire = Wire(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&wire)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    /// Sends a request's head; adds CRLF to each line.
    mutating func send(_ lines: String...) async throws {
        try await outbound.write(ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n"))
    }

    /// Reads up to and including the text; returns `nil` if the connection ends before it.
    mutating func read(through mark: String) async throws -> String? {
        while true {
            if let range = received.readableBytesView.firstRange(of: Array(mark.utf8)) {
                let count = range.upperBound - received.readerIndex
                return received.readString(length: count)
            }
            guard var more = try await inbound.next() else { return nil }
            received.writeBuffer(&more)
        }
    }

    /// Reads exactly so many bytes.
    mutating func read(_ count: Int) async throws -> [UInt8]? {
        while received.readableBytes < count {
            guard var more = try await inbound.next() else { return nil }
            received.writeBuffer(&more)
        }
        return received.readBytes(length: count)
    }

    /// Reads until the peer closes.
    mutating func readToEnd() async throws -> [UInt8] {
        while var more = try await inbound.next() { received.writeBuffer(&more) }
        return received.readBytes(length: received.readableBytes) ?? []
    }

    /// Reads one whole response with a `Content-Length`; a response to HEAD has no body.
    mutating func answer(hasBody: Bool = true) async throws -> Answer {
        let head = try #require(try await read(through: "\r\n\r\n"))
        var answer = Answer(head: head)
        if hasBody, let length = answer["content-length"].flatMap(Int.init) {
            answer.body = try #require(try await read(length))
        }
        return answer
    }
}

/// A response as it was received.
struct Answer: Sendable {
    let status: Int
    private let fields: [String: String]
    var body: [UInt8] = []

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        fields = Dictionary(
            lines.dropFirst().compactMap { line in
                line.firstIndex(of: ":").map {
                    (line[..<$0].lowercased(), line[line.index(after: $0)...].trimmingPrefix(" ").description)
                }
            },
            uniquingKeysWith: { $0 + ", " + $1 })
    }

    subscript(_ name: String) -> String? { fields[name] }
    var text: String { String(decoding: body, as: UTF8.self) }
}
