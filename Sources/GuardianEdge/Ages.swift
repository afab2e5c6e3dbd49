import GuardianCore

/// How long ago each part of a camera last showed that it works, by the monotonic clock; before the first time, the time
/// since the start.
package struct CameraAges: Sendable, Hashable {
    package var packet: Duration
    package var keyframe: Duration
    package var look: Duration
    /// Only while a clip is being recorded must bytes be written.
    package var write: Duration

    package init(packet: Duration, keyframe: Duration, look: Duration, write: Duration) {
        self.packet = packet
        self.keyframe = keyframe
        self.look = look
        self.write = write
    }
}
