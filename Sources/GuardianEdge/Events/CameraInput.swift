import GuardianCore

/// What happens at one camera, in the order in which it is taken in.
enum CameraInput: Sendable {
    /// A look, and when the picture that it looked at arrived here.
    case observed(Observation, arrival: Timestamp)
    case watchLost(reason: String)
    case watchBack
    case cameraLost(reason: String)
    case cameraBack
    /// The picture of an event that was asked for.
    case pictured(WantedPicture, Snapshot)
    /// Time passes although nothing is seen.
    case tick
}
