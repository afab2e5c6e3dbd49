/// What one look at a camera's picture found: the tracks in view at one moment of the stream.
public struct Observation: Hashable, Sendable {
    /// Presentation time of the picture that was looked at, in milliseconds of the stream.
    public var mediaTime: Int64
    /// The tracks seen or carried at that moment.
    public var tracks: [TrackSighting]
    /// Fraction of the picture that moved since the look before, 0 to 1.
    public var motion: Double
    /// Whether the detector looked; otherwise only the motion gate did.
    public var detected: Bool

    public init(mediaTime: Int64, tracks: [TrackSighting], motion: Double, detected: Bool) {
        self.mediaTime = mediaTime
        self.tracks = tracks
        self.motion = motion
        self.detected = detected
    }
}

/// One track at one moment.
public struct TrackSighting: Hashable, Sendable {
    /// Counts up from 1 within one watch of one camera; never used again in it.
    public var track: Int
    public var label: Label
    /// The detector's score at this look, 0 to 1; 0 when the track is only carried.
    public var confidence: Double
    public var box: Box
    /// Whether the detector saw it at this look; otherwise the tracker says where it must be.
    public var seen: Bool

    public init(track: Int, label: Label, confidence: Double, box: Box, seen: Bool) {
        self.track = track
        self.label = label
        self.confidence = confidence
        self.box = box
        self.seen = seen
    }
}
