import GuardianCore

extension TrackSighting {
    /// How well the object is visible, from 0 to 1: high when confidence is high and the object is large and entirely
    /// in the frame.
    public var viewQuality: Double {
        let edge = 0.004
        let isWhole = box.x > edge && box.y > edge && box.right < 1 - edge && box.bottom < 1 - edge
        return confidence * box.area.squareRoot() * (isWhole ? 1 : 0.6)
    }
}
