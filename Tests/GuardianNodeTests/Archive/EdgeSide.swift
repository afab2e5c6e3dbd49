import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianArchive
import GuardianCore
import GuardianNode
import GuardianWire
import Synchronization
import GuardianTestKit
import Testing

/// Sends parts to a node as an edge does, message by message, over a connection of its own.
struct EdgeSide: Sendable {
    let port: Int
    var credentials: CredentialFiles
    /// The node's own scope of the tenant.
    let scope: TenantScope

    struct Gone: Error {}

    /// One stream of a part: its writer, and the node's answers in order.
    struct Stream: Sendable {
        let writer: RPCWriter<Guardian_V1_StoreRequest>
        let replies: Replies

        func answer() async throws -> Guardian_V1_StoreReply { try await replies.next() }

        /// Returns the next answer that is not an interruption.
        func settlement() async throws -> Guardian_V1_StoreReply {
            let reply = try await answer()
            if case .interruption = reply.kind { return try await answer() }
            return reply
        }

        /// Returns how many bytes are durable according to the next answer.
        func durable() async throws -> Int { Int(try await answer().durable) }

        func send(_ message: SealedSample.Message, at offset: Int? = nil) async throws {
            try await writer.write(
                .with {
                    $0.bytes.offset = UInt64(offset ?? message.offset)
                    $0.bytes.bytes = Data(message.bytes)
                })
        }

        func send(_ checkpoint: Checkpoint) async throws {
            try await writer.write(.with { $0.checkpoint = Data(checkpoint.bytes) })
        }

        func end(_ size: Int, interrupted: Bool = false) async throws {
            try await writer.write(
                .with {
                    $0.end.size = UInt64(size)
                    $0.end.interrupted = interrupted
                })
        }

        /// Sends the bytes of a clip that the node lacks, and its end. Returns the receipt or the refusal.
        func upload(_ sample: SealedSample) async throws -> Guardian_V1_StoreReply {
            var reply = try await settlement()
            for message in sample.messages where message.offset >= Int(reply.durable) {
                guard case .durable = reply.kind else { return reply }
                try await send(message)
                reply = try await answer()
            }
            guard case .durable = reply.kind else { return reply }
            try await end(sample.file.count)
            return try await settlement()
        }
    }

    /// Answers in the order of arrival.
    final class Replies: Sendable {
        private let stream: AsyncThrowingStream<Guardian_V1_StoreReply, any Error>
        let feed: AsyncThrowingStream<Guardian_V1_StoreReply, any Error>.Continuation

        init() { (stream, feed) = AsyncThrowingStream.makeStream() }

        func next() async throws -> Guardian_V1_StoreReply {
            for try await reply in stream { return reply }
            throw Gone()
        }
    }

    /// Opens a stream for a part, sends the hello, and runs `body`; then cuts the stream without ending it.
    ///
    /// - Parameter size: bytes that the whole part will have; 0 when the edge does not know.
    func stream<Result: Sendable>(
        of sample: SealedSample, camera: CameraID? = nil, part: Int = 0, size: UInt64 = 0,
        _ body: @escaping @Sendable (Stream) async throws -> Result
    ) async throws -> Result {
        let hello = Guardian_V1_StoreRequest.with {
            $0.hello.kind = .clip
            $0.hello.subject = sample.clip.description
            $0.hello.part = UInt32(part)
            $0.hello.camera = (camera ?? sample.camera).description
            $0.hello.size = size
        }
        return try await stream(hello, body)
    }

    /// Sends the beginning of an event's sealed picture, then disconnects. Returns the number of bytes durable at the
    /// node.
    func uploadBeginning(of event: Event, _ bytes: [UInt8]) async throws -> Int {
        try await stream(Self.hello(event)) { stream in
            _ = try await stream.durable()
            try await stream.send(SealedSample.Message(offset: 0, bytes: bytes))
            return try await stream.durable()
        }
    }

    /// Sends all of an event's sealed picture. Returns the node's settlement.
    func uploadPicture(of event: Event, _ bytes: [UInt8]) async throws -> Guardian_V1_StoreReply {
        try await stream(Self.hello(event)) { stream in
            _ = try await stream.durable()
            try await stream.send(SealedSample.Message(offset: 0, bytes: bytes))
            _ = try await stream.durable()
            try await stream.end(bytes.count)
            return try await stream.settlement()
        }
    }

    private static func hello(_ event: Event) -> Guardian_V1_StoreRequest {
        .with {
            $0.hello.kind = .snapshot
            $0.hello.subject = event.id.description
            $0.hello.camera = event.camera.description
        }
    }

    private func stream<Result: Sendable>(
        _ hello: Guardian_V1_StoreRequest, _ body: @escaping @Sendable (Stream) async throws -> Result
    ) async throws -> Result {
        let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
        let transport = try HTTP2ClientTransport.Posix(
            target: .dns(host: "localhost", port: port), transportSecurity: try credentials.clientSecurity())
        do {
            try await withGRPCClient(transport: transport) { client in
                let replies = Replies()
                try await Guardian_V1_ArchiveService.Client(wrapping: client).store { writer in
                    do {
                        try await writer.write(hello)
                        let result = try await body(Stream(writer: writer, replies: replies))
                        outcome.withLock { $0 = .success(result) }
                    } catch {
                        outcome.withLock { $0 = .failure(error) }
                    }
                    // An edge that crashes does not end its stream.
                    throw Gone()
                } onResponse: { response in
                    do {
                        for try await reply in response.messages { replies.feed.yield(reply) }
                        replies.feed.finish()
                    } catch {
                        replies.feed.finish(throwing: error)
                    }
                }
            }
        } catch  where outcome.withLock({ $0 != nil }) {}
        return try #require(outcome.withLock { $0 }).get()
    }

    /// Sends all of a clip. Returns the receipt or the refusal.
    func upload(_ sample: SealedSample, camera: CameraID? = nil) async throws -> Guardian_V1_StoreReply {
        try await stream(of: sample, camera: camera) { try await $0.upload(sample) }
    }

    /// Returns the node's answer to a hello.
    func greeting(
        of sample: SealedSample, camera: CameraID? = nil, part: Int = 0, size: UInt64 = 0
    ) async throws -> Guardian_V1_StoreReply {
        try await stream(of: sample, camera: camera, part: part, size: size) { try await $0.answer() }
    }

    /// Returns the error with which the node refuses a stream.
    func refusal(
        of sample: SealedSample, camera: CameraID? = nil, part: Int = 0, size: UInt64 = 0,
        _ body: @escaping @Sendable (Stream) async throws -> Void
    ) async throws -> GuardianError {
        do {
            try await stream(of: sample, camera: camera, part: part, size: size) { stream in
                try await body(stream)
                while true { _ = try await stream.answer() }
            }
            return GuardianError(.unknown, "nothing was refused")
        } catch { return GuardianError.call(error, "The call") }
    }
}
