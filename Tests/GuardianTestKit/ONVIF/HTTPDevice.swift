import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

/// A web server on 127.0.0.1 that answers as the test says.
package final class HTTPDevice: Sendable {
    package struct Request: Sendable {
        package var path: String
        package var headers: HTTPHeaders
        package var body: String

        /// The operation in the SOAP body.
        package var operation: String {
            body.firstMatch(of: #/<s:Body><(\w+)/#).map { String($0.output.1) } ?? ""
        }
    }

    package struct Reply: Sendable {
        package var status: HTTPResponseStatus = .ok
        package var headers: HTTPHeaders = [:]
        package var body: [UInt8] = []

        package init(_ status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:], body: String = "") {
            self.init(status, headers: headers, bytes: Array(body.utf8))
        }

        package init(_ status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:], bytes: [UInt8]) {
            self.status = status
            self.headers = headers
            body = bytes
        }
    }

    package let port: Int
    private let log = Mutex<[Request]>([])

    private init(port: Int) { self.port = port }

    /// What was asked so far.
    package var requests: [Request] { log.withLock { $0 } }

    /// Runs the server while `body` runs.
    ///
    /// - Parameter answer: returns `nil` to say nothing and keep the connection open.
    package static func run<Value: Sendable>(
        _ answer: @escaping @Sendable (Request, _ port: Int) -> Reply?,
        _ body: (HTTPDevice) async throws -> Value
    ) async throws -> Value {
        typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let device = HTTPDevice(port: try #require(server.channel.localAddress?.port))
        let serving = Task {
            try await withThrowingDiscardingTaskGroup { group in
                try await server.executeThenClose { connections in
                    for try await connection in connections {
                        group.addTask { try? await device.serve(connection, answer) }
                    }
                }
            }
        }
        defer { serving.cancel() }
        return try await body(device)
    }

    private func serve(
        _ connection: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>,
        _ answer: @Sendable (Request, _ port: Int) -> Reply?
    ) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var request = Request(path: "", headers: [:], body: "")
            for try await part in inbound {
                switch part {
                case .head(let head): request = Request(path: head.uri, headers: head.headers, body: "")
                case .body(let piece): request.body += String(buffer: piece)
                case .end:
                    log.withLock { [request] in $0.append(request) }
                    guard let reply = answer(request, port) else { continue }
                    var headers = reply.headers
                    if !headers.contains(name: "Content-Length"), !headers.contains(name: "Transfer-Encoding") {
                        headers.add(name: "Content-Length", value: "\(reply.body.count)")
                    }
                    try await outbound.write(
                        .head(HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers)))
                    try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: reply.body))))
                    try await outbound.write(.end(nil))
                }
            }
        }
    }
}
