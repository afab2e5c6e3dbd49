import Foundation
import GRPCCore
import GuardianCore
import GuardianMedia
import GuardianWire

/// Has the AI service make pictures of one camera's main stream: decoders of what cameras send live there alone.
struct SnapshotClient: Sendable {
    struct Picture: Sendable {
        var jpeg: Data
        var width: Int
        var height: Int
        /// Milliseconds of the main stream.
        var mediaTime: Int64
    }

    let camera: CameraSession
    let link: InferenceLink

    /// The picture of a moment of the main stream, or the last one before it.
    ///
    /// - Throws: `GuardianError` `.notFound` when the ring no longer holds it, `.unavailable` while the AI service is away.
    func picture(at mediaTime: Int64) async throws -> Picture {
        guard let (stream, packets) = camera.pictures(upTo: mediaTime) else {
            throw GuardianError(.notFound, "The camera's newest minutes no longer hold that moment.")
        }
        if camera.looksAtMain {
            do { return try await render([], of: stream, at: mediaTime) } catch let error as GuardianError
                where error.code == .notFound
            {
                // The watch has let go of it, or began anew.
            }
        }
        return try await render(packets, of: stream, at: mediaTime)
    }

    /// What the camera sees now: its newest keyframe, since that one needs nothing before it.
    func now() async throws -> Picture {
        guard let (stream, packets) = camera.newestGOP(), let first = packets.first(where: { $0.kind == .video }) else {
            throw GuardianError(
                .unavailable,
                "The camera \(camera.identity.alias) sends no picture now: System says since when and why.")
        }
        return try await render([first], of: stream, at: first.mediaTime)
    }

    private func render(
        _ packets: [Packet], of stream: StreamDescription, at mediaTime: Int64
    ) async throws -> Picture {
        guard let description = Guardian_V1_VideoStream(stream) else {
            throw GuardianError(.failedPrecondition, "Pictures are made of H.264 and H.265 alone.")
        }
        var options = CallOptions.defaults
        options.timeout = .seconds(10)
        options.maxRequestMessageBytes = 17 << 20
        options.maxResponseMessageBytes = 16 << 20
        let reply: Guardian_V1_SnapshotReply
        do {
            reply = try await link.client.snapshot(options: options) { writer in
                try await writer.write(
                    .with {
                        $0.start.stream = description
                        $0.start.mediaTime = mediaTime
                        $0.start.camera = camera.identity.id.description
                    })
                for message in Guardian_V1_VideoPackets.messages(packets) {
                    try await writer.write(.with { $0.packets = message })
                }
            }
        } catch {
            throw GuardianError.call(error, "Making the picture")
        }
        // It came from where hostile streams are decoded: it must at least be what it says.
        guard reply.jpeg.starts(with: [0xFF, 0xD8, 0xFF]), (1...16_384).contains(reply.width),
            (1...16_384).contains(reply.height)
        else { throw GuardianError(.internal, "The AI service sent something that is no picture.") }
        return Picture(
            jpeg: reply.jpeg, width: Int(reply.width), height: Int(reply.height), mediaTime: reply.mediaTime)
    }
}
