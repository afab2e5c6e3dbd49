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
    /// Requests whose grants were used are remembered up to this number; older ones have ended.
    private static let remembered = 4_096

    private let device: Hash256
    /// Whose the recorder is at the node.
    private let tenant: @Sendable () -> TenantName?
    private let file: @Sendable (RelayGrant.Item) async throws -> ServedFile
    private let record: @Sendable (RelayGrant) async throws -> Void
    private let clock: any WallClock
    private let logger: Logger
    private let used = Mutex<(ids: Set<RelayGrant.RequestID>, order: [RelayGrant.RequestID])>(([], []))

    /// - Parameters:
    ///   - device: the edge's fingerprint.
    ///   - file: returns what is sent.
    ///   - record: writes to the audit log who is sent what; nothing is sent when it throws.
    package init(
        device: Hash256, tenant: @escaping @Sendable () -> TenantName?,
        file: @escaping @Sendable (RelayGrant.Item) async throws -> ServedFile,
        record: @escaping @Sendable (RelayGrant) async throws -> Void, clock: any WallClock, logger: Logger
    ) {
        self.device = device
        self.tenant = tenant
        self.file = file
        self.record = record
        self.clock = clock
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
        let file = try await file(grant.item)
        let range = try Self.range(request, of: file)
        try await record(grant)
        _ = try await client.answer { writer in
            try await writer.write(
                .with { answer in
                    answer.head.request = Data(grant.request.bytes)
                    answer.head.size = UInt64(file.length)
                    answer.head.etag = file.etag
                    answer.head.growing = file.isGrowing
                })
            try await Self.read(file.path, range) { piece in try await writer.write(.with { $0.bytes = piece }) }
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
        _ path: String, _ range: Range<Int64>, _ send: (Data) async throws -> Void
    ) async throws {
        guard !range.isEmpty else { return }
        func piece(from offset: Int64) -> Range<Int64> { offset..<min(offset + Self.piece, range.upperBound) }
        var next = piece(from: range.lowerBound)
        var (file, bytes) = try await OpenFile.open(path, reading: next)
        while true {
            try await send(Data(bytes.readableBytesView))
            guard next.upperBound < range.upperBound else { return }
            next = piece(from: next.upperBound)
            bytes = try await file.read(next)
        }
    }
}
