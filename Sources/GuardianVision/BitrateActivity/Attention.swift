/// Which packets a watch needs from now on. The edge may leave out the others; sending them does no harm, since packets
/// that are not needed are not decoded.
public enum Attention: String, Sendable, Hashable, Codable, CaseIterable {
    /// No motion and no tracks: keyframes are enough until the bitrate activity becomes active.
    case quiet
    /// Tracks without motion: keyframes are enough if there is one at least every two seconds.
    case still
    /// Motion: every packet from the last keyframe on is needed.
    case looking
}
