public import GuardianCore
public import GuardianTelemetry

/// The queries behind the telemetry routes. Edge and node implement them with their own files.
public struct TelemetryReading: Sendable {
    public typealias Totals =
        @Sendable (
            _ metrics: Set<TelemetryMetric>, _ from: Timestamp, _ to: Timestamp
        ) async throws -> [TelemetryTotal]

    public var lines: @Sendable (TelemetryQuery) async throws -> [TelemetryLine]
    public var totals: Totals
    /// Returns how many events of each label began in each hour from the start of the span; empty hours are left out.
    public var hours: @Sendable (_ from: Timestamp, _ to: Timestamp) async throws -> [EventHour]
    /// Returns the gaps in the coverage, newest first.
    public var gaps: @Sendable (_ from: Timestamp, _ to: Timestamp) async throws -> [CoverageGap]
    public var cameras: CameraNames

    /// - Parameter telemetry: returns the file of the telemetry.
    public init(
        _ telemetry: @escaping @Sendable () throws -> TelemetryStore,
        hours: @escaping @Sendable (Timestamp, Timestamp) async throws -> [EventHour],
        gaps: @escaping @Sendable (Timestamp, Timestamp) async throws -> [CoverageGap], cameras: CameraNames
    ) {
        lines = { try await telemetry().lines($0) }
        totals = { try await telemetry().totals(of: $0, from: $1, to: $2) }
        self.hours = hours
        self.gaps = gaps
        self.cameras = cameras
    }
}
