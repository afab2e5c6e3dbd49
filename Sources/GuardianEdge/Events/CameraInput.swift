import GuardianCore

/// An input of a camera's event pipeline.
package enum CameraInput: Sendable {
    /// An observation, and when the packet of its frame arrived at the edge.
    case observed(Observation, arrival: Timestamp)
    case watchLost(reason: String)
    case watchBack
    case cameraLost(reason: String)
    case cameraBack
    /// A snapshot that was requested for an event.
    case pictured(WantedPicture, Snapshot)
    /// Sent twice a second, so that events end although no observation comes.
    case tick
}
