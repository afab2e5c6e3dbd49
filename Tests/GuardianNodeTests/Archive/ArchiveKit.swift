import Crypto
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle
import GuardianTestKit
import Testing

/// A node with its archive, and a device that seals for an owner and sends to the node.
final class ArchiveKit: Sendable {
    let node: NodeFixture
    let device = Curve25519.Signing.PrivateKey()
    let owner: OwnerKeys
    let camera = CameraID(UUID())

    init() throws {
        node = try NodeFixture()
        owner = try OwnerKeys(OwnerSecret())
        try node.issueEdge(for: Self.fingerprint(device))
    }

    static func fingerprint(_ key: Curve25519.Signing.PrivateKey) throws -> Hash256 {
        try #require(Hash256(bytes: SHA256.hash(data: key.publicKey.rawRepresentation)))
    }

    /// Runs a node that ships its parts to the object store, and ends them after a minute without a byte.
    func withNode<Result: Sendable>(
        monotonic: any MonotonicClock = SystemMonotonicClock(),
        _ body: @Sendable (_ port: Int, _ tenants: Tenants) async throws -> Result
    ) async throws -> Result {
        try await node.withNode(monotonic: monotonic) { port, tenants in
            var timings = ArchiveTimings()
            timings.silence = .seconds(60)
            let services = ArchiveServices(try tenants.localScope(), timings: timings).services
            return try await withThrowingTaskGroup(of: Void.self) { group in
                for service in services { group.addTask { try await service.run() } }
                defer { group.cancelAll() }
                return try await body(port, tenants)
            }
        }
    }

    func seal(
        _ plaintext: [UInt8], clip: ClipID = .v7(at: Sample.start), part: Int = 0, after previous: Hash256? = nil,
        by signer: Curve25519.Signing.PrivateKey? = nil, camera: CameraID? = nil
    ) throws -> SealedClip {
        let fields = try ClipFields(clip: clip, camera: camera ?? self.camera, part: part, after: previous)
        let sealer = try ClipSealer(fields, to: [owner.xWing], signer: DeviceSigner(signer ?? device))
        var messages = [sealer.opening + (try sealer.append(plaintext))]
        let border = sealer.layout.isSegmentBoundary(Int64(plaintext.count))
        let checkpoint = border ? try sealer.checkpoint(at: Sample.start) : nil
        messages.append(try sealer.finish())
        return SealedClip(
            clip: clip, part: part, camera: camera ?? self.camera, bind: sealer.prefix.bind, messages: messages,
            checkpoint: checkpoint)
    }

    /// Sends the requests one after the other, each after the answer to the previous one (checkpoints have none).
    /// Returns all answers until the node ends the stream, or `count` of them.
    func store(
        _ requests: [Guardian_V1_StoreRequest], port: Int, replies count: Int = .max, files: CredentialFiles? = nil
    ) async throws -> [Guardian_V1_StoreReply] {
        try await call(port: port, files: files) { client in
            let answered = Watermark(0)
            return try await client.store { writer in
                var expected: Int64 = 0
                for request in requests {
                    try await writer.write(request)
                    if case .checkpoint = request.kind { continue }
                    try await answered.wait(beyond: expected)
                    expected += 1
                }
                try await answered.wait(beyond: .max - 1)
            } onResponse: { response in
                var replies: [Guardian_V1_StoreReply] = []
                for try await reply in response.messages {
                    replies.append(reply)
                    answered.increment()
                    if replies.count >= count { break }
                }
                return replies
            }
        }
    }

    /// Sends all of a clip, its checkpoint and its end. Returns the node's last answer.
    @discardableResult
    func send(_ clip: SealedClip, port: Int) async throws -> Guardian_V1_StoreReply {
        try #require(try await store(clip.requests + [.end(clip.bytes.count)], port: port).last)
    }

    /// Returns the node's description of a clip.
    func list(_ clip: ClipID, port: Int) async throws -> ArchivedClip {
        try await call(port: port) { try await $0.list(.with { $0.clip = clip.description }).checkedClip() }
    }

    func call<Result: Sendable>(
        port: Int, files: CredentialFiles? = nil,
        _ body:
            @Sendable @escaping (Guardian_V1_ArchiveService.Client<HTTP2ClientTransport.Posix>) async throws ->
            Result
    ) async throws -> Result {
        let transport = try HTTP2ClientTransport.Posix(
            target: .dns(host: "localhost", port: port),
            transportSecurity: try (files ?? node.edgeFiles).clientSecurity())
        do {
            return try await withGRPCClient(transport: transport) {
                try await body(Guardian_V1_ArchiveService.Client(wrapping: $0))
            }
        } catch { throw GuardianError.call(error, "The call") }
    }
}

/// A sealed file in the messages that an edge would send.
struct SealedClip: Sendable {
    var clip: ClipID
    var part: Int
    var camera: CameraID
    var bind: Hash256
    /// The first message has everything but the last segment.
    var messages: [[UInt8]]
    var checkpoint: Checkpoint?

    var bytes: [UInt8] { messages.flatMap(\.self) }

    var hello: Guardian_V1_StoreRequest {
        .with {
            $0.hello.kind = .clip
            $0.hello.subject = clip.description
            $0.hello.part = UInt32(part)
            $0.hello.camera = camera.description
        }
    }

    /// The hello and all bytes, with the checkpoint after the first message.
    var requests: [Guardian_V1_StoreRequest] {
        var requests = [hello]
        var offset = 0
        for message in messages {
            requests.append(.bytes(message, at: offset))
            if offset == 0, let checkpoint { requests.append(.checkpoint(checkpoint.bytes)) }
            offset += message.count
        }
        return requests
    }
}

extension Guardian_V1_StoreRequest {
    static func bytes(_ bytes: [UInt8], at offset: Int) -> Guardian_V1_StoreRequest {
        .with {
            $0.bytes.offset = UInt64(offset)
            $0.bytes.bytes = Data(bytes)
        }
    }

    static func checkpoint(_ bytes: [UInt8]) -> Guardian_V1_StoreRequest { .with { $0.checkpoint = Data(bytes) } }

    static func end(_ size: Int, interrupted: Bool = false) -> Guardian_V1_StoreRequest {
        .with {
            $0.end.size = UInt64(size)
            $0.end.interrupted = interrupted
        }
    }
}
