import GuardianCore
import GuardianMedia

/// The clip that a recorder is writing.
struct OpenClip {
    let id: ClipID
    let camera: CameraID
    let file: ClipFile
    let startedAt: Timestamp
    let kind: Clip.Kind
    var missingPackets = 0
    var bounds: ClipBounds
    /// Arrival of the last packet that was synced to disk.
    var syncedAt: ContinuousClock.Instant

    /// Media time of the clip's start.
    var start: MediaTime { MediaTime(file.origin) }

    func clip(_ state: Clip.State, summary: ClipFile.Summary? = nil) -> Clip {
        Clip(
            id: id, camera: camera, state: state, startedAt: startedAt,
            duration: (summary?.duration ?? file.duration).milliseconds, size: summary?.size ?? file.size,
            sha256: summary?.sha256, contentType: file.contentType,
            missingPackets: missingPackets, kind: kind)
    }
}
