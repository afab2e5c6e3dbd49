import GuardianCore

/// Which events' clips are archived.
public struct ArchivePolicy: Sendable, Hashable {
    /// Cameras; all when `nil`.
    public var cameras: Set<CameraID>?
    /// Labels; all when `nil`.
    public var labels: Set<Label>?
    /// From 0 to 1.
    public var confidence: Double

    public init(cameras: Set<CameraID>? = nil, labels: Set<Label>? = nil, confidence: Double = 0) {
        self.cameras = cameras
        self.labels = labels
        self.confidence = confidence
    }

    public func wants(_ event: Event) -> Bool {
        event.confidence >= confidence && cameras?.contains(event.camera) ?? true
            && labels?.contains(event.label) ?? true
    }
}
