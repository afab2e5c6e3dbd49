import Foundation
import GuardianCore
import GuardianWire

extension PartSender {
    /// Sends a sealed picture on from where the node has it, until the node has stored it.
    ///
    /// - Parameter arrived: called once the node holds all of it durably.
    /// - Throws: what broke the stream; another one goes on where it ended.
    func send(
        _ picture: SealedPicture, patience: LinkPatience, arrived: @escaping @Sendable () async -> Void
    ) async throws -> Settlement {
        let size = picture.bytes.count
        let lane = line.enter(urgency)
        defer { lane.leave() }
        let transfer = PartTransfer(lane)
        return try await exchange(0, untilStored: true, transfer, patience) { durable, writer in
            guard durable <= size else {
                throw GuardianError(.aborted, "The node holds another picture of this event than this one.")
            }
            if durable == size { await arrived() }
            transfer.begin(at: durable)
            var sent = Int(durable)
            while sent < size {
                try await transfer.room()
                let end = min(size, sent + max(1, lane.piece(transfer.piece)))
                while try await !lane.turn(end - sent, within: .seconds(1)) {}
                transfer.depart(upTo: Int64(end))
                try await writer.write(
                    .with {
                        $0.bytes.offset = UInt64(sent)
                        $0.bytes.bytes = Data(picture.bytes[sent..<end])
                    })
                sent = end
            }
            try await writer.write(.with { $0.checkpoint = Data(picture.checkpoint) })
            try await writer.write(.with { $0.end.size = UInt64(size) })
        } acknowledged: { durable in
            if durable == size { await arrived() }
        }
    }
}
