import GuardianCore
import GuardianHTTP

extension ArchiveReading {
    /// The archive of an edge that has no node.
    static func absent(cameras: CameraNames) -> ArchiveReading {
        let reason = GuardianError(
            .unavailable, "This recorder has no node, so it has no archive: name one under node in its configuration.")
        return ArchiveReading(
            list: { _, _, _ in throw reason }, clip: { _ in throw reason }, content: { _ in throw reason },
            pictures: { _, _, _ in throw reason }, picture: { _ in throw reason },
            usage: { throw reason }, hold: { _, _ in throw reason }, cameras: cameras)
    }
}
