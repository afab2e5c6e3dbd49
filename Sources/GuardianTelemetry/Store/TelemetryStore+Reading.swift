import Foundation
import GRDB
public import GuardianCore

/// Which series to read, over which time, and in which steps.
public struct TelemetryQuery: Hashable, Sendable {
    /// Rounded down to a whole step.
    public let from: Timestamp
    public let to: Timestamp
    /// Milliseconds, a multiple of a minute.
    public let step: Int64
    /// `nil`: all.
    public var metrics: Set<TelemetryMetric>?
    /// `nil`: all, and the edges' own.
    public var cameras: Set<CameraID>?
    public var device: Hash256?

    /// Steps of an answer at most, over all series.
    public static let points = 50_000
    /// Steps of one series when nobody asks for a step.
    static let comfortable: Int64 = 500

    /// - Parameters:
    ///   - step: seconds; `nil`: the shortest for a chart. It is lengthened where steps that short are not kept any more.
    ///   - now: the time by which levels expire.
    public init(
        from: Timestamp, to: Timestamp, step seconds: Int64? = nil, metrics: Set<TelemetryMetric>? = nil,
        cameras: Set<CameraID>? = nil, device: Hash256? = nil, now: Timestamp
    ) {
        let finest = RollupLevel.finest(from: from, now: now).step
        let asked = seconds.map { $0 * 1000 } ?? max(0, to - from) / Self.comfortable
        step = max(1, (asked + finest - 1) / finest) * finest
        self.from = from.roundedDown(to: step)
        self.to = to
        self.metrics = metrics
        self.cameras = cameras
        self.device = device
    }
}

/// One series of a device, with the steps that have samples, oldest first.
public struct TelemetryLine: Hashable, Sendable {
    public let device: Hash256
    public let series: TelemetrySeries
    public let points: [Point]

    public struct Point: Hashable, Sendable {
        /// The step's beginning.
        public let at: Timestamp
        public let rollup: Rollup
    }
}

extension TelemetryStore {
    /// Reads lines in the order of device, metric and camera; those without samples are left out.
    ///
    /// - Throws: `invalidArgument` when the answer would have more than `TelemetryQuery.points` steps.
    public func lines(_ query: TelemetryQuery) async throws -> [TelemetryLine] {
        guard query.to > query.from, let level = RollupLevel.fitting(into: query.step) else { return [] }
        return try await store.read { database in
            var lines: [TelemetryLine] = []
            var left = TelemetryQuery.points
            for (id, device, series) in try Self.series(of: query, in: database) {
                let points = try Self.points(of: id, level, query, limit: left, in: database)
                left -= points.count
                guard left >= 0 else {
                    throw GuardianError(
                        .invalidArgument,
                        "That is more than \(TelemetryQuery.points) points: choose a longer step, a shorter time, or single metrics."
                    )
                }
                if !points.isEmpty { lines.append(TelemetryLine(device: device, series: series, points: points)) }
            }
            return lines
        }
    }

    /// Returns the time of each device's newest sample, to the second.
    public func newest() async throws -> [Hash256: Timestamp] {
        try await store.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT fingerprint, (SELECT max(second) FROM received WHERE device = devices.id) AS second
                    FROM devices
                    """)
            return Dictionary(
                rows.compactMap { row in
                    guard let device = Hash256(bytes: row["fingerprint"] as Data), let second = row["second"] as Int64?
                    else { return nil }
                    return (device, Timestamp(milliseconds: second * 1000))
                }, uniquingKeysWith: max)
        }
    }

    static func series(
        of query: TelemetryQuery, in database: Database
    ) throws -> [(Int64, Hash256, TelemetrySeries)] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT series.id, fingerprint, metric, camera FROM series JOIN devices ON devices.id = device
                ORDER BY device, metric, camera
                """)
        return rows.compactMap { row in
            guard let device = Hash256(bytes: row["fingerprint"] as Data), let series = TelemetrySeries(row),
                query.device == nil || query.device == device, query.metrics?.contains(series.metric) != false,
                query.cameras == nil || series.camera.map({ query.cameras?.contains($0) == true }) == true
            else { return nil }
            return (row["id"], device, series)
        }
    }

    /// Returns the rows of a level that begin in the query's time, oldest first.
    static func rows(
        of series: Int64, _ level: RollupLevel, _ query: TelemetryQuery, in database: Database
    ) throws -> RowCursor {
        let statement = try database.cachedStatement(
            sql: """
                SELECT start, count, sum, min, max, last, last_at FROM rollups
                WHERE level = ? AND series = ? AND start >= ? AND start < ? ORDER BY start
                """)
        return try Row.fetchCursor(
            statement, arguments: [level.rawValue, series, query.from.milliseconds, query.to.milliseconds])
    }

    /// Combines the rows of a level to the query's steps.
    private static func points(
        of series: Int64, _ level: RollupLevel, _ query: TelemetryQuery, limit: Int, in database: Database
    ) throws -> [TelemetryLine.Point] {
        let rows = try rows(of: series, level, query, in: database)
        var points: [TelemetryLine.Point] = []
        while let row = try rows.next() {
            let at = Timestamp(milliseconds: row["start"]).roundedDown(to: query.step)
            let rollup = Rollup(row)
            if let last = points.last, last.at == at {
                points[points.count - 1] = TelemetryLine.Point(at: at, rollup: last.rollup.merging(rollup))
            } else {
                points.append(TelemetryLine.Point(at: at, rollup: rollup))
                if points.count > limit { break }
            }
        }
        return points
    }
}
