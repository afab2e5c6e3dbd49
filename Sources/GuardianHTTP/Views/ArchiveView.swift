/// How far an event's clips are on their way into the archive.
public struct ArchiveView: Codable, Sendable, Hashable {
    public enum State: String, Codable, Sendable, Hashable {
        /// It is not archived.
        case off
        case waiting
        case uploading
        /// All of it is there.
        case stored
        /// What could be saved of it is there.
        case interrupted
        /// The archive has no room; it is tried again.
        case refused
        case failed
    }

    public var state: State
    /// Of the first object of the first clip.
    @Nullable public var objectKey: String?
    /// Why it waits, was refused or failed; for a person.
    @Nullable public var reason: String?

    public init(state: State = .off, objectKey: String? = nil, reason: String? = nil) {
        self.state = state
        self.objectKey = objectKey
        self.reason = reason
    }

    /// An event's state out of its clips': the one that most needs a look, and stored only when all are.
    ///
    /// - Parameter clips: in the event's order; `nil` for one that nobody wants archived yet.
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
