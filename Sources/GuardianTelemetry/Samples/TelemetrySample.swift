public import GuardianCore

/// What is measured over time: a metric of the edge, or of one of its cameras.
public struct TelemetrySeries: Hashable, Sendable {
    public let metric: TelemetryMetric
    /// `nil` for a metric of the edge.
    public let camera: CameraID?

    /// - Returns: `nil` when a metric of cameras has none, or one of the edge has one.
    public init?(_ metric: TelemetryMetric, of camera: CameraID? = nil) {
        guard metric.isOfCamera == (camera != nil) else { return nil }
        self.metric = metric
        self.camera = camera
    }
}

/// What an edge measured at one moment.
public struct TelemetrySample: Hashable, Sendable {
    /// By the edge's clock.
    public let at: Timestamp
    /// In the unit of each metric. What was not measured is missing.
    public private(set) var values: [TelemetrySeries: Int64]

    public init(at: Timestamp, values: [TelemetrySeries: Int64] = [:]) {
        self.at = at
        self.values = values
    }

    /// Adds a value; one outside of `TelemetryLimits.values` is left out, like one that was not measured.
    public mutating func set(_ metric: TelemetryMetric, of camera: CameraID? = nil, _ value: Int64?) {
        guard let series = TelemetrySeries(metric, of: camera), let value, TelemetryLimits.values.contains(value) else {
            return
        }
        values[series] = value
    }
}
