import GuardianCore

/// How long ago each part of a camera last showed that it works, by the monotonic clock; before the first time, the time
/// since the start.
package struct CameraAges: Sendable, Hashable {
    package var packet: Duration
    package var keyframe: Duration
    package var look: Duration
    /// Only while a clip is being recorded must bytes be written.
    package var write: Duration
    /// Since an input of its event pipeline was processed, of which there are two a second. It waits for the journal and for the
    /// recorder, and so for both disks.
    package var events: Duration

    package init(packet: Duration, keyframe: Duration, look: Duration, write: Duration, events: Duration) {
        self.packet = packet
        self.keyframe = keyframe
        self.look = look
        self.write = write
        self.events = events
    }
}
