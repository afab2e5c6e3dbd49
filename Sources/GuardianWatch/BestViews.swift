import GuardianCore
import GuardianMedia
import GuardianVision
import Synchronization

/// Caches the decoded frames with the best views of the objects in view, so that an event's snapshot needs no second
/// decoding: with a GOP of ten seconds that would be 75 frames for one snapshot.
public final class BestViews: Sendable {
    /// Bytes of frames per camera: ten of 1080p, two of 4K.
    private static let limit = 32 << 20
    /// How long a frame is kept after a better one: the edge may be about to request it.
    private static let keepReplaced = Duration.seconds(1.5)

    /// How long the best view of a track that is out of sight is kept.
    private static let keepUnseen = Duration.seconds(3)

    private struct Best {
        var quality: Double
        var mediaTime: MediaTime
        var lastSeen: MediaTime
    }
    private struct State {
        var best: [Int: Best] = [:]
        /// In order of media time.
        var frames: [PictureFrame] = []
    }
    private let state = Mutex(State())

    public init() {}

    /// Returns the frame with exactly this media time, if it is cached.
    public func frame(at mediaTime: MediaTime) -> PictureFrame? {
        state.withLock { state in state.frames.first { $0.mediaTime == mediaTime } }
    }

    /// Updates the best views with the tracks of a frame, which is later than the previous one.
    func add(_ frame: PictureFrame, _ tracks: [TrackSighting]) {
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
            state.best = state.best.filter { (time - $0.value.lastSeen).magnitude <= Self.keepUnseen }
            let wanted = Set(state.best.values.map(\.mediaTime))
            state.frames.removeAll {
                !wanted.contains($0.mediaTime) && (time - $0.mediaTime).magnitude > Self.keepReplaced
            }
            if isBest { state.frames.append(frame) }
            // The newest frame is kept even if it is larger than the limit.
            while state.frames.count > 1, state.frames.reduce(0, { $0 + Self.size($1) }) > Self.limit {
                let unused = state.frames.firstIndex { !wanted.contains($0.mediaTime) } ?? state.frames.startIndex
                state.frames.remove(at: unused)
            }
        }
    }

    /// Returns the bytes of a frame in 8-bit 4:2:0, as cameras send it.
    private static func size(_ frame: PictureFrame) -> Int { frame.width * frame.height * 3 / 2 }
}
