/// The archiving state of an event's clips.
public struct ArchiveView: Codable, Sendable, Hashable {
    public enum State: String, Codable, Sendable, Hashable {
        /// It is not to be archived.
        case off
        case waiting
        case uploading
        /// The archive has all of it.
        case stored
        /// The archive has everything up to an interruption.
        case interrupted
        /// The archive has no room; the upload is retried.
        case refused
        case failed
    }

    public var state: State
    /// The key of the first object of the first clip.
    @Nullable public var objectKey: String?
    /// Why it waits, was refused or failed, for people.
    @Nullable public var reason: String?

    public init(state: State = .off, objectKey: String? = nil, reason: String? = nil) {
        self.state = state
        self.objectKey = objectKey
        self.reason = reason
    }

    /// Combines the states of an event's clips: the most urgent one, and `stored` only when all clips are stored.
    ///
    /// - Parameter clips: in the event's order; `nil` for a clip that is not to be archived yet.
    public init(of clips: [ArchiveView?]) {
        let known = clips.compactMap { $0 }
        guard let first = known.first else {
            self.init()
            return
        }
        let urgency: [State] = [.failed, .refused, .interrupted, .uploading, .waiting]
        let worst = urgency.lazy.compactMap { state in known.first { $0.state == state } }.first
        let isWhole = known.count == clips.count
        self.init(
            state: worst?.state ?? (isWhole ? .stored : .waiting), objectKey: first.objectKey, reason: worst?.reason)
    }
}
