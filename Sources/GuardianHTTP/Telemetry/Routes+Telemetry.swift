public import GuardianCore
import GuardianTelemetry
import Hummingbird

extension Routes {
    /// Adds the routes of the telemetry: series over time, and the report of a time.
    public mutating func addTelemetry(_ telemetry: TelemetryReading, clock: any WallClock = SystemClock()) {
        get(
            "/api/v1/telemetry", needs: .mayForAllCameras(.readStatus),
            query: ["camera", "device", "metric", "from", "to", "step"]
        ) { web in
            let query = try TelemetryQuery(web.query, cameras: telemetry.cameras, now: clock.now())
            return try JSON.response(
                TelemetryView(try await telemetry.lines(query), of: query, names: telemetry.cameras))
        }
        get("/api/v1/telemetry/report", needs: .mayForAllCameras(.readStatus), query: ["from", "to"]) { web in
            let (asked, now) = (try web.query.span(), clock.now())
            let span = Span(from: asked.from, to: asked.to, now: now, hours: 24)
            try span.check(days: 32, "A report")
            let totals = try await telemetry.totals(TelemetryReport.metrics, span.from, span.to)
            let past = max(0, min(span.to, now) - span.from) / 1000
            return try JSON.response(
                TelemetryReportView(
                    TelemetryReport(totals, seconds: past), try await telemetry.hours(span.from, span.to),
                    try await telemetry.gaps(span.from, span.to), from: span.from, to: span.to,
                    names: telemetry.cameras))
        }
    }
}

extension Span {
    /// - Throws: `invalid_argument` when it has no length, or is longer than so many days.
    func check(days: Int64, _ what: String) throws {
        guard !isEmpty else { throw GuardianError(.invalidArgument, "from must be before to.") }
        guard to - from <= days * 86_400_000 else {
            throw GuardianError(.invalidArgument, "\(what) covers at most \(days) days; choose a shorter time.")
        }
    }
}

extension TelemetryQuery {
    /// - Throws: `invalid_argument` for a bad value, `not_found` for a camera that does not exist.
    init(_ query: QueryParameters, cameras: CameraNames, now: Timestamp) throws {
        let asked = try query.span()
        let span = Span(from: asked.from, to: asked.to, now: now, hours: 24)
        try span.check(days: 800, "An answer")
        let step: Int64? = try query["step"].map { text in
            let seconds = try Parameter.integer(text, name: "step", in: 60...31_536_000)
            guard seconds % 60 == 0 else {
                throw GuardianError(.invalidArgument, "step must be a multiple of 60 seconds.")
            }
            return seconds
        }
        self.init(
            from: span.from, to: span.to, step: step, metrics: try query["metric"].map(Self.metrics),
            cameras: try query.alias().map { [try cameras.camera(named: $0)] },
            device: try query["device"].map(Self.device), now: now)
    }

    private static func metrics(_ text: String) throws -> Set<TelemetryMetric> {
        Set(
            try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
                guard let metric = TelemetryMetric(rawValue: String(name)) else {
                    let names = TelemetryMetric.allCases.map(\.rawValue).joined(separator: ", ")
                    throw GuardianError(.invalidArgument, "metric must be some of \(names), with commas between.")
                }
                return metric
            })
    }

    private static func device(_ text: String) throws -> Hash256 {
        guard let device = Hash256(hex: text) else {
            throw GuardianError(.invalidArgument, "device must be the 64 hexadecimal digits of an edge's fingerprint.")
        }
        return device
    }
}
