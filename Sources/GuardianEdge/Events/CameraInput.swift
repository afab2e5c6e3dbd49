import GuardianCore

/// An input of a camera's event pipeline.
package enum CameraInput: Sendable {
    /// An observation, and when the packet of its frame arrived at the edge.
    case observed(Observation, arrival: Timestamp)
    /// The camera is not being analysed, since its last look; `since` is `nil` when that is now. `lastLook` is the media time of
    /// that look on the detection stream; `nil` when there was none.
    case watchLost(reason: String, since: Timestamp? = nil, lastLook: MediaTime? = nil)
    case watchBack
    /// The camera sends nothing, since its last packet; `since` is `nil` when that is now.
    case cameraLost(reason: String, since: Timestamp? = nil)
    case cameraBack
    /// A snapshot that was requested for an event.
    case pictured(WantedPicture, Snapshot)
    /// Sent twice a second, so that events end although no observation comes.
    case tick

    /// Whether another one follows soon that makes up for this one.
    var isRepeated: Bool {
        switch self {
        case .observed, .tick: true
        case .watchLost, .watchBack, .cameraLost, .cameraBack, .pictured: false
        }
    }
}
