import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianWire
import Logging
import NIOCore
import Synchronization

/// Decides which requests of the node are answered, and sends what they ask for.
package final class RelayAnswers: Sendable {
    /// Bytes of one message.
    private static let piece: Int64 = 131_072
    /// How often an answer that has nothing new says so.
    private static let idle: Duration = .seconds(5)
    /// Requests whose grants were used are remembered up to this number; older ones have ended.
    private static let remembered = 4_096

    private let device: Hash256
    /// Whose the recorder is at the node.
    private let tenant: @Sendable () -> TenantName?
    private let content: @Sendable (RelayGrant.Item) async throws -> RelayContent
    private let record: @Sendable (RelayGrant) async throws -> Void
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let used = Mutex<(ids: Set<RelayGrant.RequestID>, order: [RelayGrant.RequestID])>(([], []))

    /// - Parameters:
    ///   - device: the edge's fingerprint.
    ///   - content: returns what is sent.
    ///   - record: writes to the audit log who is sent what; nothing is sent when it throws.
    package init(
        device: Hash256, tenant: @escaping @Sendable () -> TenantName?,
        content: @escaping @Sendable (RelayGrant.Item) async throws -> RelayContent,
        record: @escaping @Sendable (RelayGrant) async throws -> Void, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.device = device
        self.tenant = tenant
        self.content = content
        self.record = record
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
    }

    /// Returns the grant of a request; `nil` when it is not good: then nobody is told more than that no answer comes.
    package func grant(of request: Guardian_V1_RelayRequest, _ verifier: GrantVerifier) -> RelayGrant? {
        do {
            let grant = try verifier.grant(of: request)
            guard grant.edge == device, grant.tenant == tenant() else {
                throw GuardianError(.permissionDenied, "The grant is for another recorder.")
            }
            guard grant.isGood(at: clock.now()) else {
                throw GuardianError(
                    .permissionDenied, "The grant has ended, or the clocks of recorder and node differ by minutes.")
            }
            guard isNew(grant.request) else { throw GuardianError(.permissionDenied, "The grant was used before.") }
            return grant
        } catch {
            logger.warning("request of the node refused", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private func isNew(_ id: RelayGrant.RequestID) -> Bool {
        used.withLock { used in
            guard used.ids.insert(id).inserted else { return false }
            used.order.append(id)
            if used.order.count > Self.remembered { used.ids.remove(used.order.removeFirst()) }
            return true
        }
    }

    /// Sends an answer.
    ///
    /// - Throws: `notFound` when it is gone, what recording it throws, and that the node does not take it.
    func send(
        _ grant: RelayGrant, _ request: Guardian_V1_RelayRequest,
        over client: Guardian_V1_ControlService.Client<HTTP2ClientTransport.Posix>
    ) async throws {
        let content = try await content(grant.item)
        let range =
            if case .file(let file) = content { try Self.range(request, of: file) } else { 0..<0 as Range<Int64> }
        try await record(grant)
        _ = try await client.answer { [self] writer in
            try await writer.write(.with { $0.head = content.head(of: grant) })
            switch content {
            case .file(let file):
                try await Self.read(file, range) { piece in try await writer.write(.with { $0.bytes = piece }) }
            case .picture(let bytes):
                for piece in Self.pieces(of: ByteBuffer(bytes: bytes)) { try await writer.write(piece) }
            case .live(let records): try await pass(records) { try await writer.write($0) }
            }
        }
    }

    /// Sends a live view until it ends. While the node takes nothing, the camera's session leaves fragments out.
    private func pass(
        _ records: AsyncStream<LiveRecord>, _ send: (Guardian_V1_RelayAnswer) async throws -> Void
    ) async throws {
        let pipe = Pipe<Guardian_V1_RelayAnswer>(capacity: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer {
                pipe.close()
                group.cancelAll()
            }
            group.addTask {
                defer { pipe.close() }
                for await record in records {
                    for piece in Self.pieces(of: record.bytes(camera: 0)) { try await pipe.send(piece) }
                }
            }
            group.addTask { [monotonic] in
                while true {
                    try await monotonic.sleep(for: Self.idle)
                    _ = pipe.offer(.with { $0.idle = .init() })
                }
            }
            while let answer = await pipe.receive() { try await send(answer) }
        }
    }

    private static func pieces(of buffer: ByteBuffer) -> [Guardian_V1_RelayAnswer] {
        let bytes = buffer.readableBytesView
        return stride(from: bytes.startIndex, to: bytes.endIndex, by: Int(piece)).map { start in
            .with { $0.bytes = Data(bytes[start..<min(start + Int(piece), bytes.endIndex)]) }
        }
    }

    /// - Throws: `outOfRange` for bytes that are not there.
    package static func range(_ request: Guardian_V1_RelayRequest, of file: ServedFile) throws -> Range<Int64> {
        guard let offset = Plausible.fileSize.checked(request.offset),
            let length = Plausible.fileSize.checked(request.length), offset + length <= file.length
        else { throw GuardianError(.outOfRange, "The recording is shorter than that.") }
        return offset..<offset + length
    }

    private static func read(
        _ served: ServedFile, _ range: Range<Int64>, _ send: (Data) async throws -> Void
    ) async throws {
        guard !range.isEmpty else { return }
        func piece(from offset: Int64) -> Range<Int64> { offset..<min(offset + Self.piece, range.upperBound) }
        var next = piece(from: range.lowerBound)
        var (file, bytes) = try await ServedBytes.open(served, reading: next)
        while true {
            try await send(Data(bytes.readableBytesView))
            guard next.upperBound < range.upperBound else { return }
            next = piece(from: next.upperBound)
            bytes = try await file.read(next)
        }
    }
}
