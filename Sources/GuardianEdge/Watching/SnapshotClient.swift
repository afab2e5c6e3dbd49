import Foundation
import GRPCCore
import GuardianCore
import GuardianMedia
import GuardianWire

/// Requests snapshots of one camera's main stream from the AI service. Only that process decodes video, because a camera's
/// stream may be malicious.
package struct SnapshotClient: Sendable {
    package struct Picture: Sendable {
        package var jpeg: Data
        package var width: Int
        package var height: Int
        /// Media time of the main stream.
        package var mediaTime: MediaTime
    }

    let camera: CameraSession
    let link: InferenceLink

    package init(camera: CameraSession, link: InferenceLink) {
        self.camera = camera
        self.link = link
    }

    /// Returns the frame of the main stream at `mediaTime`, or the last one before it.
    ///
    /// - Throws: `GuardianError` `.notFound` when neither the GOP ring nor the watch holds it, `.unavailable` when the AI
    ///   service is unreachable.
    package func picture(at mediaTime: MediaTime) async throws -> Picture {
        guard let (stream, packets) = camera.pictures(upTo: mediaTime) else {
            throw GuardianError(.notFound, "The camera's newest minutes no longer hold that moment.")
        }
        if camera.detectsOnMain {
            do { return try await render([], of: stream, at: mediaTime) } catch let error as GuardianError
                where error.code == .notFound
            {
                // The watch no longer has the frame, or was restarted: send the packets.
            }
        }
        guard !packets.isEmpty else {
            throw GuardianError(
                .notFound,
                "The camera's GOP is too large to keep: set its keyframe interval to a few seconds.")
        }
        return try await render(packets, of: stream, at: mediaTime)
    }

    /// Returns the newest keyframe: it can be decoded without other packets.
    package func now() async throws -> Picture {
        guard let (stream, packets) = camera.newestGOP(), let first = packets.first(where: { $0.kind == .video }) else {
            throw GuardianError(
                .unavailable,
                "The camera \(camera.identity.alias) sends no picture now: the System page says since when and why.")
        }
        return try await render([first], of: stream, at: first.mediaTime)
    }

    private func render(
        _ packets: [Packet], of stream: StreamDescription, at mediaTime: MediaTime
    ) async throws -> Picture {
        try await Self.render(packets, of: stream, at: mediaTime, camera: camera.identity.id, link: link)
    }

    /// Returns what a keyframe shows.
    ///
    /// - Throws: `GuardianError` when the AI service cannot be asked, or cannot decode it.
    static func picture(of keyframe: Packet, in stream: StreamDescription, link: InferenceLink) async throws -> Picture
    {
        // Of no camera that the AI service watches.
        try await render(
            [keyframe], of: stream, at: keyframe.mediaTime, camera: CameraID(UUID()), link: link)
    }

    private static func render(
        _ packets: [Packet], of stream: StreamDescription, at mediaTime: MediaTime, camera: CameraID,
        link: InferenceLink
    ) async throws -> Picture {
        guard let description = Guardian_V1_VideoStream(stream) else {
            throw GuardianError(.failedPrecondition, "Pictures can be made from H.264 and H.265 only.")
        }
        var options = CallOptions.defaults
        options.timeout = .seconds(10)
        options.maxRequestMessageBytes = 17 << 20
        options.maxResponseMessageBytes = 16 << 20
        let reply: Guardian_V1_SnapshotReply
        do {
            reply = try await link.call { [options] client in
                try await client.snapshot(options: options) { writer in
                    try await writer.write(
                        .with {
                            $0.start.stream = description
                            $0.start.mediaTime = mediaTime.milliseconds
                            $0.start.camera = camera.description
                        })
                    for message in Guardian_V1_VideoPackets.messages(packets) {
                        try await writer.write(.with { $0.packets = message })
                    }
                }
            }
        } catch {
            throw GuardianError.call(error, "Making the picture")
        }
        return try Picture(reply, wanted: mediaTime)
    }
}

extension SnapshotClient.Picture {
    /// The longest time between the wanted frame and the one that was made: more than any camera's keyframe interval.
    private static let longestDistance = Duration.seconds(600)

    /// - Parameter wanted: the media time that was asked for.
    /// - Throws: `internal` when the answer is no picture of about that time: the AI service decodes untrusted streams.
    package init(_ reply: Guardian_V1_SnapshotReply, wanted: MediaTime) throws {
        let mediaTime = MediaTime(milliseconds: reply.mediaTime)
        guard reply.jpeg.starts(with: [0xFF, 0xD8, 0xFF]), (1...16_384).contains(reply.width),
            (1...16_384).contains(reply.height), Plausible.mediaTime.contains(reply.mediaTime),
            Plausible.mediaTime.contains(wanted.milliseconds), (mediaTime - wanted).magnitude <= Self.longestDistance
        else { throw GuardianError(.internal, "The AI service sent an answer that is not the picture.") }
        self.init(jpeg: reply.jpeg, width: Int(reply.width), height: Int(reply.height), mediaTime: mediaTime)
    }
}
