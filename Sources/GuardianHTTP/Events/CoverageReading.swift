public import GuardianCore

/// The queries behind the route of coverage gaps. Edge and node implement them with their own tables.
public struct CoverageReading: Sendable {
    public typealias Gaps =
        @Sendable (_ cameras: Set<CameraID>?, _ from: Timestamp, _ to: Timestamp) async throws -> [CoverageGap]

    /// Returns the gaps of these cameras, and those of all cameras at once, newest first; `nil`: of all.
    public var gaps: Gaps
    /// Returns since when each of these cameras is known to have been watched, except in the gaps; `nil`: one never was.
    public var watchedSince: @Sendable ([CameraID]) async throws -> Timestamp?
    /// Returns the cameras that are looked at, or were.
    public var all: @Sendable () async throws -> Set<CameraID>
    public var names: CameraNames

    public init(
        gaps: @escaping Gaps, watchedSince: @escaping @Sendable ([CameraID]) async throws -> Timestamp?,
        all: @escaping @Sendable () async throws -> Set<CameraID>, names: CameraNames
    ) {
        self.gaps = gaps
        self.watchedSince = watchedSince
        self.all = all
        self.names = names
    }
}
