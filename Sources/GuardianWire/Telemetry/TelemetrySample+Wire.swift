import GuardianCore
public import GuardianTelemetry

extension Guardian_V1_TelemetryReportRequest {
    /// Names each series once.
    public init(_ samples: [TelemetrySample]) {
        self.init()
        var places: [TelemetrySeries: UInt32] = [:]
        self.samples = samples.map { sample in
            .with { wire in
                wire.at = sample.at.milliseconds
                for (named, value) in sample.values {
                    let place = places[named] ?? UInt32(places.count)
                    if place == places.count {
                        places[named] = place
                        series.append(Guardian_V1_TelemetrySeriesName(named))
                    }
                    wire.series.append(place)
                    wire.values.append(value)
                }
            }
        }
    }

    /// - Throws: `invalidArgument` for what no edge sends: too many samples or series, a time that a timestamp cannot express, a
    ///   value out of `TelemetryLimits.values`, a place that the list of series does not have.
    public func telemetrySamples() throws -> [TelemetrySample] {
        guard samples.count <= TelemetryLimits.samples, series.count <= TelemetryLimits.series else {
            throw GuardianError(
                .invalidArgument,
                "A report has at most \(TelemetryLimits.samples) samples and \(TelemetryLimits.series) series.")
        }
        let named = try series.map { try $0.telemetrySeries() }
        return try samples.map { wire in
            guard Timestamp.range.contains(wire.at), wire.series.count == wire.values.count,
                wire.series.count <= series.count, Set(wire.series).count == wire.series.count
            else { throw Self.impossible }
            var sample = TelemetrySample(at: Timestamp(milliseconds: wire.at))
            for (place, value) in zip(wire.series, wire.values) {
                guard named.indices.contains(Int(place)), TelemetryLimits.values.contains(value) else {
                    throw Self.impossible
                }
                if let series = named[Int(place)] { sample.set(series.metric, of: series.camera, value) }
            }
            return sample
        }
    }

    fileprivate static var impossible: GuardianError {
        GuardianError(.invalidArgument, "A sample of the report is impossible.")
    }
}

extension Guardian_V1_TelemetrySeriesName {
    fileprivate init(_ series: TelemetrySeries) {
        self.init()
        metric = series.metric.rawValue
        camera = series.camera?.description ?? ""
    }

    /// - Returns: `nil` for a metric that this version does not know.
    /// - Throws: `invalidArgument` for a camera that is no UUID, or is missing or too much.
    fileprivate func telemetrySeries() throws -> TelemetrySeries? {
        guard let metric = TelemetryMetric(rawValue: metric) else { return nil }
        let id = camera.isEmpty ? nil : CameraID(camera)
        guard camera.isEmpty == (id == nil), let series = TelemetrySeries(metric, of: id) else {
            throw Guardian_V1_TelemetryReportRequest.impossible
        }
        return series
    }
}
