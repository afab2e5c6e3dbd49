import GuardianCore
import GuardianMedia

/// The clip that a recorder is writing.
struct OpenClip {
    let id: ClipID
    let camera: CameraID
    let file: ClipFile
    let startedAt: Timestamp
    var missingPackets = 0
    /// Media time of the newest keyframe, in milliseconds.
    var keyframeAt: Int64
    /// Duration of the last complete GOP, in milliseconds.
    var gop: Int64 = 0
    /// Media time of the last sync to disk, in milliseconds.
    var syncedAt: Int64

    /// Media time of the clip's start, in milliseconds.
    var start: Int64 { MediaTicks.milliseconds(file.origin) }

    func clip(_ state: Clip.State, summary: ClipFile.Summary? = nil) -> Clip {
        Clip(
            id: id, camera: camera, state: state, startedAt: startedAt, duration: summary?.duration ?? file.duration,
            size: summary?.size ?? file.size, sha256: summary?.sha256, contentType: file.contentType,
            missingPackets: missingPackets)
    }

    /// Returns whether the next clip must begin at this keyframe, so that none gets longer than `maximum` milliseconds.
    func mustSplit(at keyframe: Int64, maximum: Int64) -> Bool {
        keyframe - start + max(gop, keyframe - keyframeAt) > maximum
    }
}
