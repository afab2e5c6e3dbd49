import GuardianCore

extension TrackSighting {
    /// How good a picture of the object this is, from 0 to 1: good when the model is sure and the object large and whole.
    public var viewQuality: Double {
        let edge = 0.004
        let isWhole = box.x > edge && box.y > edge && box.right < 1 - edge && box.bottom < 1 - edge
        return confidence * box.area.squareRoot() * (isWhole ? 1 : 0.6)
    }
}
