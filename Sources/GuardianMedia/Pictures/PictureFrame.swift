import CLibAV
import GuardianCore

/// One decoded picture. Copying it copies a reference; the pixels are shared and never change.
public struct PictureFrame: Sendable {
    let storage: FrameStorage
    /// Pixels.
    public let width: Int
    public let height: Int
    /// Presentation time in ticks of 1/90,000 s of the source's timeline.
    public let pts: Int64
    public let isKeyframe: Bool

    /// Takes over the contents of `source`, which is blank afterwards.
    init(moving source: UnsafeMutablePointer<AVFrame>) throws {
        let storage = try FrameStorage(moving: source)
        self.storage = storage
        let frame = storage.frame.pointee
        width = Int(frame.width)
        height = Int(frame.height)
        let time = frame.best_effort_timestamp
        pts = time == guardian_av_nopts() ? 0 : time
        isKeyframe = frame.key_frame != 0
    }

    /// Presentation time in milliseconds of the source's timeline.
    public var mediaTime: Int64 { MediaTicks.milliseconds(pts) }
}

/// Owns one reference to a decoded picture.
///
/// `@unchecked Sendable`: the AVFrame is written only before `init` returns; afterwards it is read only, and libav's
/// buffers are counted atomically and not written again while we hold a reference.
final class FrameStorage: @unchecked Sendable {
    let frame: UnsafeMutablePointer<AVFrame>

    init(moving source: UnsafeMutablePointer<AVFrame>) throws {
        guard let frame = av_frame_alloc() else {
            throw GuardianError.libav(guardian_av_error(ENOMEM), "Keeping a picture")
        }
        av_frame_move_ref(frame, source)
        self.frame = frame
    }

    deinit {
        var freed: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&freed)
    }
}
