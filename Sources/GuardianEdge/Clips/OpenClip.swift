import GuardianCore
import GuardianMedia

/// The clip that a recorder is writing.
struct OpenClip {
    let id: ClipID
    let camera: CameraID
    let file: ClipFile
    let startedAt: Timestamp
    var missingPackets = 0
    /// Of the newest keyframe and the one before, in milliseconds of the stream.
    var keyframeAt: Int64
    var gop: Int64 = 0
    /// When it was last put on the disk.
    var syncedAt: Int64

    /// Milliseconds of the stream that are 0 in the clip.
    var start: Int64 { MediaTicks.milliseconds(file.origin) }

    func clip(_ state: Clip.State, summary: ClipFile.Summary? = nil) -> Clip {
        Clip(
            id: id, camera: camera, state: state, startedAt: startedAt, duration: summary?.duration ?? file.duration,
            size: summary?.size ?? file.size, sha256: summary?.sha256, contentType: file.contentType,
            missingPackets: missingPackets)
    }

    /// Whether the next clip must go on from this keyframe, so that none becomes longer than `maximum` milliseconds.
    func mustSplit(at keyframe: Int64, maximum: Int64) -> Bool {
        keyframe - start + max(gop, keyframe - keyframeAt) > maximum
    }
}
