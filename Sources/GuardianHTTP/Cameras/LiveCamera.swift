import GuardianCore

/// A camera that offers a live view.
public struct LiveCamera: Sendable {
    public var alias: CameraAlias
    /// Starts a live view: records from the newest GOP on, until the iteration ends. Each call is independent. A slow
    /// viewer loses whole fragments up to the next keyframe.
    public var records: @Sendable () async throws -> AsyncStream<LiveRecord>

    public init(alias: CameraAlias, records: @escaping @Sendable () async throws -> AsyncStream<LiveRecord>) {
        self.alias = alias
        self.records = records
    }
}
