import GuardianCore
import GuardianMedia
import GuardianVision
import Synchronization

/// The decoded pictures in which the objects now in view were seen best, so that an event's snapshot needs no second
/// decoding: with a GOP of ten seconds that would be 75 pictures for one.
public final class BestViews: Sendable {
    /// Bytes of pictures a camera: ten of 1080p, two of 4K.
    private static let limit = 32 << 20
    /// How long a picture stays after a better one came, in milliseconds: whoever learned of it may be about to ask.
    private static let grace: Int64 = 1500

    /// How long a track that is out of sight is expected back, in milliseconds.
    private static let patience: Int64 = 3000

    private struct Best {
        var quality: Double
        var mediaTime: Int64
        var lastSeen: Int64
    }
    private struct State {
        var best: [Int: Best] = [:]
        /// In the order of their media times.
        var frames: [PictureFrame] = []
    }
    private let state = Mutex(State())

    public init() {}

    /// The picture of that very moment, while it is held.
    public func frame(at mediaTime: Int64) -> PictureFrame? {
        state.withLock { state in state.frames.first { $0.mediaTime == mediaTime } }
    }

    /// Takes in what was seen in a picture, later than the one before.
    func note(_ frame: PictureFrame, _ tracks: [TrackSighting]) {
        let time = frame.mediaTime
        state.withLock { state in
            var isBest = false
            for sighting in tracks where sighting.seen {
                let quality = sighting.viewQuality
                if quality > state.best[sighting.track]?.quality ?? 0 {
                    state.best[sighting.track] = Best(quality: quality, mediaTime: time, lastSeen: time)
                    isBest = true
                } else {
                    state.best[sighting.track]?.lastSeen = time
                }
            }
            state.best = state.best.filter { abs(time - $0.value.lastSeen) <= Self.patience }
            let wanted = Set(state.best.values.map(\.mediaTime))
            state.frames.removeAll { !wanted.contains($0.mediaTime) && abs(time - $0.mediaTime) > Self.grace }
            if isBest { state.frames.append(frame) }
            // The newest stays however large it is.
            while state.frames.count > 1, state.frames.reduce(0, { $0 + Self.size($1) }) > Self.limit {
                let spare = state.frames.firstIndex { !wanted.contains($0.mediaTime) } ?? state.frames.startIndex
                state.frames.remove(at: spare)
            }
        }
    }

    /// Bytes of a picture in 4:2:0 with 8 bits, as cameras send it.
    private static func size(_ frame: PictureFrame) -> Int { frame.width * frame.height * 3 / 2 }
}
