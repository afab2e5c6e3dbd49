import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianWire

/// Brings one part to the node over one stream.
struct PartSender: Sendable {
    /// What the node made of a part.
    enum Settlement: Sendable {
        case stored(objectKey: String, size: Int64, isInterrupted: Bool)
        case refused(String, forGood: Bool)
        /// The node has not one byte of it.
        case unknown
    }

    let client: Guardian_V1_ArchiveService.Client<HTTP2ClientTransport.Posix>
    /// The clip, or with the other `kind` the event whose picture it is.
    let clip: ClipID
    let camera: CameraID
    var kind = Guardian_V1_SealedKind.clip

    /// Sends what is sealed, as it is sealed, until the node has stored the part.
    ///
    /// - Throws: what broke the stream; another one goes on where it ended.
    func send(_ sealing: PartSealing) async throws -> Settlement {
        let part = sealing.part.number
        return try await exchange(part) { durable, writer in
            try await sealing.resume(at: durable)
            var sent = durable
            while true {
                switch try await sealing.next(after: sent) {
                case .bytes(let bytes, let offset):
                    try await writer.write(
                        .with {
                            $0.bytes.offset = UInt64(offset)
                            $0.bytes.bytes = Data(bytes)
                        })
                    sent = offset + Int64(bytes.count)
                case .checkpoint(let bytes):
                    try await writer.write(.with { $0.checkpoint = Data(bytes) })
                case .end(let size):
                    try await writer.write(.with { $0.end.size = UInt64(size) })
                    return
                }
            }
        } acknowledged: {
            await sealing.acknowledge($0)
        }
    }

    /// Ends a part whose key is gone, with what the node has of it.
    func close(_ part: Int) async throws -> Settlement {
        let isUnknown = Watermark(0)
        do {
            return try await exchange(part) { durable, writer in
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

    func exchange(
        _ part: Int,
        sending: @escaping @Sendable (Int64, RPCWriter<Guardian_V1_StoreRequest>) async throws -> Void,
        acknowledged: @escaping @Sendable (Int64) async -> Void
    ) async throws -> Settlement {
        // Above 0 once the node has greeted, with one byte more than it holds.
        let greeting = Watermark(0)
        let hello = Guardian_V1_StoreRequest.with {
            $0.hello.kind = kind
            $0.hello.subject = clip.description
            $0.hello.part = UInt32(part)
            $0.hello.camera = camera.description
        }
        return try await client.store { writer in
            try await writer.write(hello)
            try await greeting.wait(beyond: 0)
            try await sending(greeting.value - 1, writer)
        } onResponse: { response in
            for try await reply in response.messages {
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
                case .refusal(let refusal):
                    return .refused(refusal.detail, forGood: refusal.reason == .invalid)
                case nil: continue
                }
            }
            throw GuardianError(.unavailable, "The node closed the stream of a part.")
        }
    }
}
