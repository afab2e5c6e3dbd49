import Foundation
import GRDB
import GuardianCore

/// Adds samples of one device within one transaction. Samples of the same step are combined before they are written.
struct TelemetryIntake {
    private struct Step: Hashable {
        let level: RollupLevel
        let series: Int64
        let start: Timestamp
    }

    private(set) var outcome = TelemetryStore.Outcome()
    private let device: Int64
    private let now: Timestamp
    private var series: [TelemetrySeries: Int64]
    private var steps: [Step: Rollup] = [:]

    init(device: Hash256, now: Timestamp, in database: Database) throws {
        self.now = now
        let id = try Self.id(of: device, in: database)
        self.device = id
        series = try Self.series(of: id, in: database)
    }

    mutating func add(_ sample: TelemetrySample, in database: Database) throws {
        if let refusal = try refusal(of: sample, in: database) {
            outcome.refused[sample.at] = refusal
            return
        }
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO received (device, second) VALUES (?, ?)")
            .execute(arguments: [device, sample.at.roundedDown(to: 1000).milliseconds / 1000])
        guard database.changesCount > 0 else {
            outcome.repeated += 1
            return
        }
        outcome.added += 1
        for (named, value) in sample.values {
            let series = try id(of: named, in: database)
            let rollup = Rollup(value, at: sample.at)
            for level in RollupLevel.allCases {
                let step = Step(level: level, series: series, start: level.start(of: sample.at))
                steps[step] = steps[step]?.merging(rollup) ?? rollup
            }
        }
    }

    /// Writes the combined steps.
    func finish(in database: Database) throws {
        let read = try database.cachedStatement(
            sql: "SELECT count, sum, min, max, last, last_at FROM rollups WHERE level = ? AND series = ? AND start = ?")
        let write = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO rollups (level, series, start, count, sum, min, max, last, last_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (step, new) in steps {
            let key: StatementArguments = [step.level.rawValue, step.series, step.start.milliseconds]
            let rollup = try Row.fetchOne(read, arguments: key).map { Rollup($0).merging(new) } ?? new
            try write.execute(
                arguments: key + [
                    rollup.count, rollup.sum, rollup.min, rollup.max, rollup.last, rollup.lastAt.milliseconds,
                ])
        }
    }

    /// Series count for as long as they have steps, so that no device fills the file with cameras that it makes up.
    private func refusal(of sample: TelemetrySample, in database: Database) throws -> TelemetryStore.Refusal? {
        if sample.at < now + -TelemetryLimits.age.milliseconds { return .tooOld }
        if sample.at > now + TelemetryLimits.ahead { return .inFuture }
        let new = sample.values.keys.count { series[$0] == nil }
        return series.count + new > TelemetryLimits.series ? .tooManySeries : nil
    }

    private mutating func id(of named: TelemetrySeries, in database: Database) throws -> Int64 {
        if let id = series[named] { return id }
        try database.execute(
            sql: "INSERT INTO series (device, metric, camera) VALUES (?, ?, ?)",
            arguments: [device, named.metric.rawValue, named.cameraKey])
        series[named] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }

    private static func id(of device: Hash256, in database: Database) throws -> Int64 {
        let key = Data(device.bytes)
        if let id = try Int64.fetchOne(database, sql: "SELECT id FROM devices WHERE fingerprint = ?", arguments: [key])
        {
            return id
        }
        try database.execute(sql: "INSERT INTO devices (fingerprint) VALUES (?)", arguments: [key])
        return database.lastInsertedRowID
    }

    /// Rows of metrics that a newer version wrote are left alone.
    private static func series(of device: Int64, in database: Database) throws -> [TelemetrySeries: Int64] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT id, metric, camera FROM series WHERE device = ?", arguments: [device])
        return Dictionary(
            rows.compactMap { row in TelemetrySeries(row).map { ($0, row["id"]) } },
            uniquingKeysWith: { first, _ in first })
    }
}

extension TelemetrySeries {
    /// The camera's UUID as a column has it; empty for the edge.
    var cameraKey: Data { camera.map { withUnsafeBytes(of: $0.uuid.uuid) { Data($0) } } ?? Data() }

    /// - Returns: `nil` for a metric that this version does not know.
    init?(_ row: Row) {
        guard let metric = TelemetryMetric(rawValue: row["metric"]) else { return nil }
        self.init(metric, of: UUID.fromDatabaseValue(row["camera"]).map(CameraID.init))
    }
}

extension Rollup {
    init(_ row: Row) {
        self.init(
            count: row["count"], sum: row["sum"], min: row["min"], max: row["max"], last: row["last"],
            lastAt: Timestamp(milliseconds: row["last_at"]))
    }
}
