/// The result of one frame analysis: the tracks in view at one moment of the stream.
public struct Observation: Hashable, Sendable {
    /// Presentation time of the frame.
    public var mediaTime: MediaTime
    /// The tracks that were detected or predicted at that moment.
    public var tracks: [TrackSighting]
    /// Fraction of the frame that changed since the previous analysis, 0 to 1.
    public var motion: Double
    /// Whether the detector ran; otherwise only the motion gate did.
    public var detected: Bool

    public init(mediaTime: MediaTime, tracks: [TrackSighting], motion: Double, detected: Bool) {
        self.mediaTime = mediaTime
        self.tracks = tracks
        self.motion = motion
        self.detected = detected
    }
}

/// One track at one moment.
public struct TrackSighting: Hashable, Sendable {
    /// Counts up from 1 within one watch of one camera, and is never used again in it.
    public var track: Int
    public var label: Label
    /// The detector's score in this frame, 0 to 1; 0 when the track is only predicted.
    public var confidence: Double
    public var box: Box
    /// Whether the detector found it in this frame; otherwise `box` is the tracker's prediction.
    public var seen: Bool

    public init(track: Int, label: Label, confidence: Double, box: Box, seen: Bool) {
        self.track = track
        self.label = label
        self.confidence = confidence
        self.box = box
        self.seen = seen
    }
}
