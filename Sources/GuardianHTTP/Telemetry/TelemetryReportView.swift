import GuardianCore
import GuardianTelemetry

/// How edges and cameras did in a time, what happened in it, and what was not covered.
public struct TelemetryReportView: Codable, Sendable {
    /// Seconds.
    public struct Uptime: Codable, Sendable {
        public var up: Int64
        public var known: Int64
        public var of: Int64

        init(_ uptime: TelemetryReport.Uptime) { (up, known, of) = (uptime.up, uptime.known, uptime.of) }
    }

    public struct Camera: Codable, Sendable {
        public var camera: String
        public var cameraId: CameraID
        public var uptime: Uptime
        @Nullable public var reconnects: Int64?
        @Nullable public var missingPackets: Int64?
        @Nullable public var bitsPerSecond: Int64?
    }

    public struct Storage: Codable, Sendable {
        @Nullable public var usedBytes: Int64?
        @Nullable public var grownBytes: Int64?
        @Nullable public var freeBytes: Int64?
        @Nullable public var daysLeft: Double?
    }

    public struct Edge: Codable, Sendable {
        public var device: String
        public var uptime: Uptime
        public var cameras: [Camera]
        public var storage: Storage
    }

    public struct Events: Codable, Sendable {
        public var label: String
        public var total: Int
        /// One for each hour from `from` on.
        public var hours: [Int]
    }

    /// The most gaps that it names.
    static let incidents = 200

    public var from: Moment
    public var to: Moment
    public var edges: [Edge]
    public var events: [Events]
    /// The newest first.
    public var incidents: [CoverageView]
    /// How many more there are.
    public var incidentsOmitted: Int

    init(
        _ report: TelemetryReport, _ hours: [EventHour], _ gaps: [CoverageGap], from: Timestamp, to: Timestamp,
        names: CameraNames
    ) {
        self.from = from.moment
        self.to = to.moment
        edges = report.edges.map { Edge($0, names: names) }
        let count = Int((to - from + 3_599_999) / 3_600_000)
        events = Dictionary(grouping: hours, by: \.label).map { Events($0, $1, hours: count) }
            .sorted { $0.label < $1.label }
        incidents = gaps.prefix(Self.incidents).map { CoverageView($0, names: names) }
        incidentsOmitted = gaps.count - incidents.count
    }
}

extension TelemetryReportView.Edge {
    init(_ edge: TelemetryReport.Edge, names: CameraNames) {
        device = edge.device.hex
        uptime = TelemetryReportView.Uptime(edge.uptime)
        cameras = edge.cameras.map { camera in
            TelemetryReportView.Camera(
                camera: names.name(of: camera.camera), cameraId: camera.camera,
                uptime: TelemetryReportView.Uptime(camera.uptime), reconnects: camera.reconnects,
                missingPackets: camera.missingPackets, bitsPerSecond: camera.bitsPerSecond)
        }
        storage = TelemetryReportView.Storage(
            usedBytes: edge.storage.used, grownBytes: edge.storage.grown, freeBytes: edge.storage.free,
            daysLeft: edge.storage.daysLeft)
    }
}

extension TelemetryReportView.Events {
    init(_ label: Label, _ items: [EventHour], hours count: Int) {
        var hours = Array(repeating: 0, count: count)
        for item in items where hours.indices.contains(item.hour) { hours[item.hour] += item.count }
        self.init(label: label.text, total: hours.reduce(0, +), hours: hours)
    }
}
