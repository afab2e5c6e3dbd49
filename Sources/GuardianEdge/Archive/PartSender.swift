import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianWire

/// Brings one part to the node over one stream, within what the line allows.
struct PartSender: Sendable {
    /// What the node made of a part.
    enum Settlement: Sendable {
        case stored(objectKey: String, size: Int64, isInterrupted: Bool)
        /// The node has so many bytes of it and will take no more: its clip goes on with the next part. The store will have
        /// this one, however long that takes.
        case interrupted(size: Int64)
        case refused(String, forGood: Bool)
        /// The node has not one byte of it, or another piece than it said: nobody can go on in it.
        case unknown
    }

    let connection: NodeConnection
    let line: ArchiveUplink
    let urgency: UplinkScheduler.Urgency
    /// The clip, or with the other `kind` the event whose picture it is.
    let clip: ClipID
    let camera: CameraID
    var kind = Guardian_V1_SealedKind.clip

    /// A part that waits for its turn says so that often: the node must not take it for one whose recorder is gone.
    private static let sign: Duration = .seconds(5)

    /// Sends what is sealed, as it is sealed, until the node has stored the part, or has ended it before.
    ///
    /// - Throws: what broke the stream; another one goes on where it ended.
    func send(_ sealing: PartSealing, patience: LinkPatience) async throws -> Settlement {
        let lane = line.enter(urgency)
        defer { lane.leave() }
        let transfer = PartTransfer(lane)
        let isUnknown = Watermark(0)
        do {
            return try await exchange(sealing.part.number, untilStored: false, transfer, patience) { durable, writer in
                guard await sealing.resume(at: durable) else {
                    isUnknown.advance(to: 1)
                    throw GuardianError(.aborted, "The node holds another piece of this part than it said.")
                }
                transfer.begin(at: durable)
                var message = try await sealing.next(after: durable, atMost: lane.piece(transfer.piece))
                while let sent = message.end {
                    if case .bytes(let bytes, let offset) = message {
                        try await transfer.room()
                        while try await !lane.turn(bytes.count, within: Self.sign) {
                            guard let checkpoint = await sealing.spoken(upTo: offset) else { continue }
                            try await writer.write(.with { $0.checkpoint = Data(checkpoint) })
                        }
                        transfer.depart(upTo: sent)
                    }
                    // The next is sealed while this one goes out.
                    async let following = sealing.next(after: sent, atMost: lane.piece(transfer.piece))
                    try await writer.write(message.request)
                    message = try await following
                }
                try await writer.write(message.request)
            } acknowledged: {
                await sealing.acknowledge($0)
            }
        } catch  where isUnknown.value > 0 {
            return .unknown
        }
    }

    /// Ends a part whose key is gone, with what the node has of it.
    ///
    /// - Parameter untilStored: waits for the receipt of one that was interrupted, too.
    func close(_ part: Int, untilStored: Bool = false, patience: LinkPatience) async throws -> Settlement {
        let isUnknown = Watermark(0)
        let lane = line.enter(urgency)
        defer { lane.leave() }
        do {
            return try await exchange(part, untilStored: untilStored, PartTransfer(lane), patience) {
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

    /// One stream, for as long as the node says its word in time.
    func exchange(
        _ part: Int, untilStored: Bool, _ transfer: PartTransfer, _ patience: LinkPatience,
        sending: @escaping @Sendable (Int64, RPCWriter<Guardian_V1_StoreRequest>) async throws -> Void,
        acknowledged: @escaping @Sendable (Int64) async -> Void
    ) async throws -> Settlement {
        let (client, number) = try await connection.current()
        do {
            return try await withThrowingTaskGroup(of: Settlement?.self) { group in
                group.addTask {
                    try await transfer.watch(patience)
                    return nil
                }
                group.addTask {
                    try await connection.end(of: number)
                    throw GuardianError(.unavailable, "The line to the node hung; it is being made anew.")
                }
                group.addTask {
                    try await call(part, untilStored: untilStored, over: client, sending: sending) {
                        transfer.accept()
                        connection.hear(number)
                    } acknowledged: { durable in
                        transfer.acknowledge(durable)
                        await acknowledged(durable)
                    }
                }
                defer { group.cancelAll() }
                while let settlement = try await group.next() {
                    if let settlement { return settlement }
                }
                throw CancellationError()
            }
        } catch let error as GuardianError where error.code == .deadlineExceeded {
            connection.doubt(number, silentFor: patience.acceptance)
            throw error
        }
    }

    private func call(
        _ part: Int, untilStored: Bool, over client: NodeConnection.Client,
        sending: @escaping @Sendable (Int64, RPCWriter<Guardian_V1_StoreRequest>) async throws -> Void,
        heard: @escaping @Sendable () -> Void, acknowledged: @escaping @Sendable (Int64) async -> Void
    ) async throws -> Settlement {
        // Above 0 once the node has greeted, with one byte more than it holds.
        let greeting = Watermark(0)
        let hello = Guardian_V1_StoreRequest.with {
            $0.hello.kind = kind
            $0.hello.subject = clip.description
            $0.hello.part = UInt32(part)
            $0.hello.camera = camera.description
        }
        // A line that is being made goes on as soon as it stands.
        var options = CallOptions.defaults
        options.waitForReady = true
        return try await client.store(options: options) { writer in
            try await writer.write(hello)
            try await greeting.wait(beyond: 0)
            try await sending(greeting.value - 1, writer)
        } onResponse: { response in
            heard()
            for try await reply in response.messages {
                heard()
                switch reply.kind {
                case .durable(let durable):
                    guard let durable = Int64(exactly: durable) else { continue }
                    if greeting.value == 0 {
                        greeting.advance(to: durable + 1)
                    } else {
                        await acknowledged(durable)
                    }
                case .receipt(let receipt):
                    return .stored(
                        objectKey: receipt.objectKey, size: Int64(clamping: receipt.size),
                        isInterrupted: receipt.interrupted)
                case .interruption(let interruption):
                    if !untilStored { return .interrupted(size: Int64(clamping: interruption.size)) }
                case .refusal(let refusal):
                    return .refused(refusal.detail, forGood: refusal.reason == .invalid)
                case nil: continue
                }
            }
            throw GuardianError(.unavailable, "The node closed the stream of a part.")
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

    /// Bytes of the part that are sent with it; `nil` when nothing follows.
    fileprivate var end: Int64? {
        switch self {
        case .bytes(let bytes, let offset): offset + Int64(bytes.count)
        case .checkpoint(_, let sent): sent
        case .end: nil
        }
    }
}
