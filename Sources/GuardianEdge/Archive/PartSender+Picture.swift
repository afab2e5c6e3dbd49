import Foundation
import GuardianCore
import GuardianWire

extension PartSender {
    /// Bytes of one message; a picture rarely has more.
    private static let piece = 1 << 20

    /// Sends a sealed picture on from where the node has it, until the node has stored it.
    ///
    /// - Parameter arrived: called once the node holds all of it durably.
    /// - Throws: what broke the stream; another one goes on where it ended.
    func send(
        _ picture: SealedPicture, arrived: @escaping @Sendable () async -> Void
    ) async throws -> Settlement {
        let size = picture.bytes.count
        return try await exchange(0) { durable, writer in
            guard durable <= size else {
                throw GuardianError(.aborted, "The node holds another picture of this event than this one.")
            }
            if durable == size { await arrived() }
            for start in stride(from: Int(durable), to: size, by: Self.piece) {
                try await writer.write(
                    .with {
                        $0.bytes.offset = UInt64(start)
                        $0.bytes.bytes = Data(picture.bytes[start..<min(size, start + Self.piece)])
                    })
            }
            try await writer.write(.with { $0.checkpoint = Data(picture.checkpoint) })
            try await writer.write(.with { $0.end.size = UInt64(size) })
        } acknowledged: { durable in
            if durable == size { await arrived() }
        }
    }
}
