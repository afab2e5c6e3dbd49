import Foundation
import GRPCCore
import GuardianArchive
import GuardianCore
import GuardianWire
import Logging
import ServiceLifecycle

/// Receives sealed parts from edges: `ArchiveService` of `proto/guardian/v1/archive.proto`.
struct ArchiveReception: Guardian_V1_ArchiveService.SimpleServiceProtocol {
    let tenants: Tenants
    let logger: Logger

    func store(
        request: RPCAsyncSequence<Guardian_V1_StoreRequest, any Error>,
        response: RPCWriter<Guardian_V1_StoreReply>, context: ServerContext
    ) async throws {
        let device = try DeviceCertificate.identity(of: context)
        let archive = try tenants.scope(of: device).archive
        let intake = PartIntake(archive: archive, device: device.fingerprint)
        do {
            let isEnded = try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    while true {
                        guard let durable = try await intake.save() else { continue }
                        try await response.write(.with { $0.durable = UInt64(durable) })
                    }
                }
                group.addTask { try await Self.read(request, into: intake, answering: response) }
                defer { group.cancelAll() }
                return try await group.next() ?? false
            }
            if isEnded { try await answer(intake, response, context) }
        } catch let refusal as PartRefusal {
            let name = await intake.name.map(\.description) ?? "none"
            logger.warning("part refused", metadata: ["part": "\(name)", "reason": "\(refusal.detail)"])
            try await response.write(.with { $0.refusal = refusal.wire })
        }
    }

    /// Reads requests until the part or the stream ends.
    ///
    /// - Returns: whether the part has ended, so that its receipt must be awaited.
    private static func read(
        _ requests: RPCAsyncSequence<Guardian_V1_StoreRequest, any Error>, into intake: PartIntake,
        answering response: RPCWriter<Guardian_V1_StoreReply>
    ) async throws -> Bool {
        do {
            var isBegun = false
            // The stream of a live clip stays open; it must not delay the server's shutdown.
            for try await request in requests.cancelOnGracefulShutdown() {
                switch request.kind {
                case .hello(let hello) where !isBegun:
                    guard let durable = try await begin(intake, hello) else { return true }
                    try await response.write(.with { $0.durable = UInt64(durable) })
                    isBegun = true
                case .bytes(let bytes) where isBegun: try await intake.receive(bytes.bytes, at: bytes.offset)
                case .checkpoint(let bytes) where isBegun: try await intake.receive(checkpoint: Array(bytes))
                case .end(let end) where isBegun:
                    try await intake.end(size: end.size, interrupted: end.interrupted)
                    return true
                case .hello:
                    throw GuardianError(.invalidArgument, "Only the first message of a stream may be a hello.")
                default: throw GuardianError(.failedPrecondition, "The first message of a stream must be a hello.")
                }
            }
            try await intake.flush()
            return false
        } catch {
            // Keep what arrived before the connection broke.
            try? await intake.flush()
            throw error
        }
    }

    private static func begin(_ intake: PartIntake, _ hello: Guardian_V1_StoreHello) async throws -> Int64? {
        guard let camera = CameraID(hello.camera) else {
            throw GuardianError(.invalidArgument, "The camera must be a UUID.")
        }
        guard let size = Plausible.fileSize.checked(hello.size) else {
            throw GuardianError(.invalidArgument, "No part has \(hello.size) bytes.")
        }
        return try await intake.begin(
            try PartName(kind: hello.kind, subject: hello.subject, part: hello.part), camera: camera, size: size)
    }

    /// Tells the edge at once if the part was interrupted. Then waits until the part is stored or refused, however long
    /// that takes, and sends the receipt or throws the refusal.
    private func answer(
        _ intake: PartIntake, _ response: RPCWriter<Guardian_V1_StoreReply>, _ context: ServerContext
    ) async throws {
        if let size = try await intake.interruption() {
            try await response.write(.with { $0.interruption.size = UInt64(size) })
        }
        let part = try await Self.untilCancelled(context) { try await intake.settled() }
        guard part.state == .stored, let key = part.key, let sha256 = part.sha256 else {
            switch part.state {
            // The device may have it still, and sends it again.
            case .failed: throw GuardianError(.aborted, part.reason ?? "The node has lost this part.")
            case .refused: throw PartRefusal(.quota, part.reason ?? "The archive has no room for this part.")
            // The spool has it, and upkeep tries it again: nothing of it needs to be sent once more.
            default:
                throw PartRefusal(
                    part.stuck == .forGood ? .invalid : .quota, part.reason ?? "The archive cannot store this part.")
            }
        }
        try await response.write(
            .with { reply in
                reply.receipt.bucket = key.bucket.text
                reply.receipt.objectKey = key.name.text
                reply.receipt.size = UInt64(part.size)
                reply.receipt.sha256 = Data(sha256.bytes)
                reply.receipt.storedAt = part.storedAt?.milliseconds ?? 0
                reply.receipt.interrupted = part.isInterrupted
            })
    }
}

extension ArchiveReception {
    /// Waits until `wait` returns, the server shuts down or the call is cancelled: an unavailable store must delay
    /// neither the shutdown nor a stream whose edge has disconnected.
    private static func untilCancelled<Value: Sendable>(
        _ context: ServerContext, _ wait: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Value.self) { group in
                group.addTask { try await wait() }
                group.addTask {
                    try await context.cancellation.cancelled
                    throw CancellationError()
                }
                defer { group.cancelAll() }
                guard let value = try await group.next() else { throw CancellationError() }
                return value
            }
        }
    }
}

/// Why a part is not accepted; `detail` is the text that the edge receives.
struct PartRefusal: Error {
    let reason: Guardian_V1_StoreRefusal.Reason
    let detail: String

    init(_ reason: Guardian_V1_StoreRefusal.Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    var wire: Guardian_V1_StoreRefusal {
        .with {
            $0.reason = reason
            $0.detail = detail
        }
    }
}
