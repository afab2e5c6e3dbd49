import Foundation
import GuardianCore
import GuardianWire

extension PartSender {
    /// Sends a sealed snapshot, beginning after the bytes that the node has, and waits until the node has stored it.
    ///
    /// - Parameter arrived: called once the node has all of it durably.
    /// - Throws: the error that ended the stream; sending continues over another stream.
    func send(
        _ picture: SealedPicture, timeouts: LinkTimeouts, arrived: @escaping @Sendable () async -> Void
    ) async throws -> Settlement {
        let size = picture.bytes.count
        let lane = uplink.enter(urgency)
        defer { lane.leave() }
        let transfer = PartTransfer(lane, monotonic: monotonic)
        return try await exchange(0, size: Int64(size), untilStored: true, transfer, timeouts) { durable, writer in
            guard durable <= size else {
                throw GuardianError(.aborted, "The node has a different picture of this event.")
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
