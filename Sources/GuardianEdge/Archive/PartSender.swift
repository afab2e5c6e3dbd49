import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianWire

/// Sends one part to the node over one gRPC stream, within the limits of the uplink.
struct PartSender: Sendable {
    /// How sending a part ended.
    enum Settlement: Sendable {
        case stored(objectKey: String, size: Int64, isInterrupted: Bool)
        /// The node has `size` bytes of it and accepts no more: the clip is continued with the next part. The node moves
        /// this one to the object store later.
        case interrupted(size: Int64)
        case refused(String, forGood: Bool)
        /// The node has no byte of it, or other bytes than it acknowledged: the part cannot be continued.
        case unknown
    }

    private typealias Client = Guardian_V1_ArchiveService.Client<HTTP2ClientTransport.Posix>

    let connection: NodeConnection
    let uplink: ArchiveUplink
    let urgency: UplinkScheduler.Urgency
    /// The clip's ID; with `kind` `.snapshot` the event's.
    let clip: ClipID
    let camera: CameraID
    var kind = Guardian_V1_SealedKind.clip
    var monotonic: any MonotonicClock = SystemMonotonicClock()

    /// How often a part that waits for its turn repeats its last checkpoint. Without any message the node would end the part
    /// as abandoned.
    private static let keepAliveInterval: Duration = .seconds(5)

    /// Seals and sends a part until the node has stored it, or has ended it early.
    ///
    /// - Throws: `notFound`, `dataLoss` or `UnreadableFile` when the clip's file could not be read; otherwise the error that ended
    ///   the stream, and sending continues over another one.
    func send(_ sealing: PartSealing, timeouts: LinkTimeouts) async throws -> Settlement {
        let lane = uplink.enter(urgency)
        defer { lane.leave() }
        let transfer = PartTransfer(lane, monotonic: monotonic)
        let isUnknown = Watermark(0)
        do {
            return try await exchange(
                sealing.part.number, size: await sealing.finalSize, untilStored: false, transfer, timeouts
            ) { durable, writer in
                guard await sealing.resume(at: durable) else {
                    isUnknown.advance(to: 1)
                    throw GuardianError(.aborted, "The node has other bytes of this part than it acknowledged.")
                }
                transfer.begin(at: durable)
                var message = try await sealing.next(after: durable, atMost: lane.piece(transfer.piece))
                while let sent = message.end {
                    if case .bytes(let bytes, let offset) = message {
                        try await transfer.room()
                        while try await !lane.turn(bytes.count, within: Self.keepAliveInterval) {
                            guard let checkpoint = await sealing.sentCheckpoint(upTo: offset) else { continue }
                            try await writer.write(.with { $0.checkpoint = Data(checkpoint) })
                        }
                        transfer.depart(upTo: sent)
                    }
                    // The next message is sealed while this one is sent.
                    async let following = sealing.next(after: sent, atMost: lane.piece(transfer.piece))
                    try await writer.write(message.request)
                    message = try await following
                }
                try await writer.write(message.request)
            } acknowledged: {
                await sealing.acknowledge($0)
            }
        } catch {
            // gRPC does not tell with which error this side ended the stream.
            if isUnknown.value > 0 { return .unknown }
            throw await sealing.readFailure ?? error
        }
    }

    /// Ends a part whose key exists no more, at the length that the node has.
    ///
    /// - Parameter untilStored: also waits for the receipt of an interrupted part.
    func close(_ part: Int, untilStored: Bool = false, timeouts: LinkTimeouts) async throws -> Settlement {
        let isUnknown = Watermark(0)
        let lane = uplink.enter(urgency)
        defer { lane.leave() }
        let transfer = PartTransfer(lane, monotonic: monotonic)
        do {
            return try await exchange(part, size: nil, untilStored: untilStored, transfer, timeouts) {
                durable, writer in
                guard durable > 0 else {
                    isUnknown.advance(to: 1)
                    throw GuardianError(.notFound, "The node has nothing of this part.")
                }
                try await writer.write(
                    .with {
                        $0.end.size = UInt64(durable)
                        $0.end.interrupted = true
                    })
            } acknowledged: { _ in
            }
        } catch  where isUnknown.value > 0 {
            return .unknown
        }
    }

    /// Runs one stream; ends it when the node does not answer in time.
    ///
    /// - Parameter size: bytes that the whole part will have; `nil` when that is not known.
    func exchange(
        _ part: Int, size: Int64?, untilStored: Bool, _ transfer: PartTransfer, _ timeouts: LinkTimeouts,
        sending: @escaping @Sendable (Int64, RPCWriter<Guardian_V1_StoreRequest>) async throws -> Void,
        acknowledged: @escaping @Sendable (Int64) async -> Void
    ) async throws -> Settlement {
        let (client, number) = try await connection.current()
        do {
            return try await withThrowingTaskGroup(of: Settlement?.self) { group in
                group.addTask {
                    try await transfer.watch(timeouts)
                    return nil
                }
                group.addTask {
                    try await connection.end(of: number)
                    throw GuardianError(.unavailable, "The connection to the node stalled; it is being replaced.")
                }
                group.addTask {
                    try await call(
                        hello(part, size: size), untilStored: untilStored, over: Client(wrapping: client),
                        sending: sending
                    ) {
                        transfer.accept()
                        connection.noteReply(number)
                    } acknowledged: { durable in
                        transfer.acknowledge(durable)
                        uplink.progress.note()
                        await acknowledged(durable)
                    }
                }
                defer { group.cancelAll() }
                while let settlement = try await group.next() {
                    if let settlement {
                        if case .stored = settlement { uplink.progress.note() }
                        return settlement
                    }
                }
                throw CancellationError()
            }
        } catch let error as GuardianError where error.code == .deadlineExceeded {
            connection.abandonIfSilent(number, for: timeouts.acceptance)
            throw error
        }
    }

    private func hello(_ part: Int, size: Int64?) -> Guardian_V1_StoreRequest {
        .with {
            $0.hello.kind = kind
            $0.hello.subject = clip.description
            $0.hello.part = UInt32(part)
            $0.hello.camera = camera.description
            $0.hello.size = UInt64(clamping: size ?? 0)
        }
    }

    private func call(
        _ hello: Guardian_V1_StoreRequest, untilStored: Bool, over client: Client,
        sending: @escaping @Sendable (Int64, RPCWriter<Guardian_V1_StoreRequest>) async throws -> Void,
        onReply: @escaping @Sendable () -> Void, acknowledged: @escaping @Sendable (Int64) async -> Void
    ) async throws -> Settlement {
        // 0 until the node's first reply; then one more than the bytes that it has.
        let greeting = Watermark(0)
        // Waits for a connection that is being established instead of failing at once.
        var options = CallOptions.defaults
        options.waitForReady = true
        return try await client.store(options: options) { writer in
            try await writer.write(hello)
            try await greeting.wait(beyond: 0)
            try await sending(greeting.value - 1, writer)
        } onResponse: { response in
            onReply()
            for try await reply in response.messages {
                onReply()
                switch try StoreAnswer(reply) {
                case .durable(let durable):
                    if greeting.value == 0 {
                        greeting.advance(to: durable + 1)
                    } else {
                        await acknowledged(durable)
                    }
                case .stored(let objectKey, let size, let isInterrupted):
                    return .stored(objectKey: objectKey, size: size, isInterrupted: isInterrupted)
                case .interrupted(let size): if !untilStored { return .interrupted(size: size) }
                case .refused(let reason, let forGood): return .refused(reason, forGood: forGood)
                case nil: continue
                }
            }
            throw GuardianError(.unavailable, "The node closed the stream before it had stored the part.")
        }
    }
}

extension PartSealing.Message {
    fileprivate var request: Guardian_V1_StoreRequest {
        .with {
            switch self {
            case .bytes(let bytes, let offset):
                $0.bytes.offset = UInt64(offset)
                $0.bytes.bytes = Data(bytes)
            case .checkpoint(let bytes, _): $0.checkpoint = Data(bytes)
            case .end(let size): $0.end.size = UInt64(size)
            }
        }
    }

    /// Bytes of the part that are sent once this message is; `nil` for the last message.
    fileprivate var end: Int64? {
        switch self {
        case .bytes(let bytes, let offset): offset + Int64(bytes.count)
        case .checkpoint(_, let sent): sent
        case .end: nil
        }
    }
}
