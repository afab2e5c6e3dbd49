import GuardianCore
import GuardianTelemetry

/// Series over time.
public struct TelemetryView: Codable, Sendable {
    public struct Line: Codable, Sendable {
        /// The SHA-256 of the edge's device key, in hexadecimal.
        public var device: String
        public var metric: String
        public var unit: String
        /// `level` or `increase`.
        public var kind: String
        /// The camera's alias, or its UUID where it has none; `null`, like `cameraId`, for a metric of the edge.
        @Nullable public var camera: String?
        @Nullable public var cameraId: CameraID?
        /// Milliseconds from `from`, count, sum, min, max, last. Steps without samples are left out.
        public var points: [[Int64]]
    }

    public var from: Moment
    public var to: Moment
    /// Seconds.
    public var step: Int64
    public var items: [Line]
    /// Always `null`: everything is on one page.
    @Nullable public var nextCursor: String?

    init(_ lines: [TelemetryLine], of query: TelemetryQuery, names: CameraNames) {
        from = query.from.moment
        to = query.to.moment
        step = query.step / 1000
        items = lines.map { Line($0, from: query.from, names: names) }
        nextCursor = nil
    }
}

extension TelemetryView.Line {
    init(_ line: TelemetryLine, from: Timestamp, names: CameraNames) {
        let metric = line.series.metric
        self.init(
            device: line.device.hex, metric: metric.rawValue, unit: metric.unit.rawValue, kind: metric.kind.rawValue,
            camera: line.series.camera.map(names.name(of:)), cameraId: line.series.camera,
            points: line.points.map { point in
                let rollup = point.rollup
                return [point.at - from, rollup.count, rollup.sum, rollup.min, rollup.max, rollup.last]
            })
    }
}
