import Foundation
import GuardianCore
import GuardianMedia

/// Renders snapshots from packets or frames, one at a time on its own queue.
final class SnapshotRenderer: Sendable {
    /// Maximum bytes of packets for one snapshot: more than any camera's GOP of ten seconds.
    static let limit = 64 << 20
    /// Maximum packets for one snapshot: a packet of one byte takes some hundred bytes of memory.
    static let packetLimit = 20_000

    struct Picture: Sendable {
        var jpeg: Data
        var width: Int
        var height: Int
        var mediaTime: MediaTime
    }

    private let queue = DispatchQueue(label: "guardian.snapshots")

    /// Decodes up to the frame at `mediaTime`, or the last one before it, and encodes it as JPEG.
    ///
    /// - Throws: `GuardianError` `.notFound` when the packets contain no complete frame.
    func render(
        _ packets: [Packet], of stream: StreamDescription, at mediaTime: MediaTime, quality: Int
    ) async throws -> Picture {
        try await queued { try Self.picture(Self.frame(packets, of: stream, at: mediaTime), quality: quality) }
    }

    /// Encodes a decoded frame as JPEG.
    func render(_ frame: PictureFrame, quality: Int) async throws -> Picture {
        try await queued { try Self.picture(frame, quality: quality) }
    }

    private func queued(_ body: @escaping @Sendable () throws -> Picture) async throws -> Picture {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    private static func frame(
        _ packets: [Packet], of stream: StreamDescription, at mediaTime: MediaTime
    ) throws -> PictureFrame {
        let decoder = try VideoDecoder(stream: stream)
        var best: PictureFrame?
        func consider(_ frames: [PictureFrame]) {
            for frame in frames where best == nil || frame.mediaTime <= mediaTime { best = frame }
        }
        for packet in packets { consider(try decoder.decode(packet)) }
        consider(try decoder.flush())
        guard let best else {
            throw GuardianError(.notFound, "There is no complete frame in the camera's newest packets yet.")
        }
        return best
    }

    private static func picture(_ frame: PictureFrame, quality: Int) throws -> Picture {
        let size = frame.displaySize
        return Picture(
            jpeg: Data(try frame.jpeg(quality: quality)), width: size.width, height: size.height,
            mediaTime: frame.mediaTime)
    }
}
