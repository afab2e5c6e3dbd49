import CLibAV
import GuardianCore

/// One decoded frame. Copying it copies a reference; the pixels are shared and never change.
public struct PictureFrame: Sendable {
    let storage: FrameStorage
    /// Pixels.
    public let width: Int
    public let height: Int
    /// Presentation time on the source's timeline.
    public let pts: Ticks
    public let isKeyframe: Bool

    /// Moves the contents out of `source`, which is empty afterwards.
    init(moving source: UnsafeMutablePointer<AVFrame>) throws {
        let storage = try FrameStorage(moving: source)
        self.storage = storage
        let frame = storage.frame.pointee
        width = Int(frame.width)
        height = Int(frame.height)
        let time = frame.best_effort_timestamp
        pts = time == guardian_av_nopts() ? 0 : Ticks(time)
        isKeyframe = frame.key_frame != 0
    }

    /// The size at which it is shown, in square pixels: larger than the frame if its pixels are not square.
    public var displaySize: (width: Int, height: Int) {
        let shape = storage.frame.pointee.sample_aspect_ratio
        return PixelShape(width: Int(shape.num), height: Int(shape.den)).displaySize(width: width, height: height)
    }

    /// Presentation time on the source's timeline, in whole milliseconds.
    public var mediaTime: MediaTime { MediaTime(pts) }
}

/// Owns one reference to a decoded frame.
///
/// `@unchecked Sendable`: the AVFrame is written only before `init` returns and read-only afterwards. libav counts
/// references to its buffers atomically and does not write to them while this reference exists.
final class FrameStorage: @unchecked Sendable {
    let frame: UnsafeMutablePointer<AVFrame>

    init(moving source: UnsafeMutablePointer<AVFrame>) throws {
        guard let frame = av_frame_alloc() else {
            throw GuardianError.libav(guardian_av_error(ENOMEM), "Allocating a frame")
        }
        av_frame_move_ref(frame, source)
        self.frame = frame
    }

    deinit {
        var freed: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&freed)
    }
}
