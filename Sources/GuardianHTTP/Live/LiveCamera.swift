import GuardianCore

/// A camera whose live picture can be asked for.
public struct LiveCamera: Sendable {
    public var alias: CameraAlias
    /// Each call is a viewer of its own: records from the newest GOP on, until the iteration ends. A slow viewer loses
    /// fragments up to the next keyframe, never bytes of one.
    public var records: @Sendable () async throws -> AsyncStream<LiveRecord>

    public init(alias: CameraAlias, records: @escaping @Sendable () async throws -> AsyncStream<LiveRecord>) {
        self.alias = alias
        self.records = records
    }
}
