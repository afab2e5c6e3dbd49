public import GuardianCore

/// How edges and their cameras did in a time.
public struct TelemetryReport: Hashable, Sendable {
    /// Seconds.
    public struct Uptime: Hashable, Sendable {
        /// It worked.
        public var up: Int64
        /// It was measured.
        public var known: Int64
        /// The length of the time.
        public var of: Int64

        public init(up: Int64, known: Int64, of: Int64) { (self.up, self.known, self.of) = (up, known, of) }
    }

    public struct Camera: Hashable, Sendable {
        public let camera: CameraID
        public let uptime: Uptime
        public let reconnects: Int64?
        public let missingPackets: Int64?
        /// Mean.
        public let bitsPerSecond: Int64?
    }

    public struct Storage: Hashable, Sendable {
        /// Bytes of clips at the end.
        public let used: Int64?
        /// Bytes more than at the beginning; negative when more was deleted than recorded.
        public let grown: Int64?
        /// Bytes of the clips' disk that are free at the end.
        public let free: Int64?
        /// Until nothing is free, at the same growth; `nil` when nothing grows.
        public let daysLeft: Double?
    }

    public struct Edge: Hashable, Sendable {
        public let device: Hash256
        public let uptime: Uptime
        public let cameras: [Camera]
        public let storage: Storage
    }

    public let edges: [Edge]

    /// The metrics that a report needs.
    public static let metrics: Set<TelemetryMetric> = [
        .edgeUp, .clipBytes, .diskFree, .cameraLive, .cameraReconnects, .cameraPacketsMissing, .cameraBitrate,
    ]

    /// - Parameters:
    ///   - totals: of these metrics.
    ///   - seconds: the length of the time, up to now.
    public init(_ totals: [TelemetryTotal], seconds: Int64) {
        var order: [Hash256] = []
        for total in totals where !order.contains(total.device) { order.append(total.device) }
        let byDevice = Dictionary(grouping: totals, by: \.device)
        edges = order.map { device in Self.edge(device, byDevice[device] ?? [], seconds) }
    }

    private static func edge(_ device: Hash256, _ totals: [TelemetryTotal], _ seconds: Int64) -> Edge {
        let own = Dictionary(
            totals.filter { $0.series.camera == nil }.map { ($0.series.metric, $0) },
            uniquingKeysWith: { first, _ in first })
        let uptime = uptime(own[.edgeUp]?.rollup, seconds)
        let byCamera = Dictionary(grouping: totals.filter { $0.series.camera != nil }) { $0.series.camera }
        let cameras = byCamera.compactMap { id, totals in id.map { camera($0, totals, seconds) } }
        return Edge(
            device: device, uptime: uptime,
            cameras: cameras.sorted { $0.camera.description < $1.camera.description },
            storage: storage(own[.clipBytes], free: own[.diskFree]?.rollup.last, known: uptime.known))
    }

    private static func camera(_ id: CameraID, _ totals: [TelemetryTotal], _ seconds: Int64) -> Camera {
        let rollups = Dictionary(
            totals.map { ($0.series.metric, $0.rollup) }, uniquingKeysWith: { first, _ in first })
        return Camera(
            camera: id, uptime: uptime(rollups[.cameraLive], seconds), reconnects: rollups[.cameraReconnects]?.sum,
            missingPackets: rollups[.cameraPacketsMissing]?.sum,
            bitsPerSecond: rollups[.cameraBitrate].map { $0.sum / max(1, $0.count) })
    }

    /// Each sample stands for the time between two of them.
    private static func uptime(_ rollup: Rollup?, _ seconds: Int64) -> Uptime {
        func time(_ samples: Int64) -> Int64 {
            let (time, overflow) = samples.multipliedReportingOverflow(by: TelemetryLimits.intervalSeconds)
            return overflow ? seconds : min(max(0, time), seconds)
        }
        return Uptime(up: time(rollup?.sum ?? 0), known: time(rollup?.count ?? 0), of: seconds)
    }

    private static func storage(_ clips: TelemetryTotal?, free: Int64?, known: Int64) -> Storage {
        let grown = clips.map { $0.rollup.last - $0.first }
        var days: Double?
        if let grown, let free, grown > 0, known > 0 {
            days = Double(max(0, free)) / Double(grown) * Double(known) / 86_400
        }
        return Storage(used: clips?.rollup.last, grown: grown, free: free, daysLeft: days)
    }
}
