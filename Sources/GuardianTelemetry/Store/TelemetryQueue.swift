import Foundation
import GRDB
public import GuardianCore

/// An edge's samples that its node does not have yet, in its telemetry's file. Bounded: the oldest are dropped first.
public struct TelemetryQueue: Sendable {
    /// A day of samples.
    public static let limit = 8_640

    private let telemetry: TelemetryStore
    private let limit: Int

    /// - Parameter limit: samples that wait at most.
    public init(_ telemetry: TelemetryStore, limit: Int = Self.limit) {
        self.telemetry = telemetry
        self.limit = limit
    }

    /// Adds a sample to the rollups and to the queue, in one transaction.
    ///
    /// - Parameter waits: whether there is a node to send it to.
    /// - Returns: how many of the oldest were dropped.
    public func record(_ sample: TelemetrySample, from device: Hash256, waits: Bool) async throws -> Int {
        let now = telemetry.clock.now()
        return try await telemetry.store.write { [limit] database in
            var intake = try TelemetryIntake(device: device, now: now, in: database)
            try intake.add(sample, in: database)
            try intake.finish(in: database)
            guard waits, intake.outcome.added > 0 else { return 0 }
            try database.execute(
                sql: "INSERT OR REPLACE INTO waiting (at, sample) VALUES (?, ?)",
                arguments: [sample.at.milliseconds, try SampleCoding.encoded(sample)])
            try database.execute(
                sql: "DELETE FROM waiting WHERE at IN (SELECT at FROM waiting ORDER BY at DESC LIMIT -1 OFFSET ?)",
                arguments: [limit])
            return database.changesCount
        }
    }

    /// Returns the oldest samples. Rows that cannot be read are deleted.
    public func next(_ limit: Int = TelemetryLimits.samples) async throws -> [TelemetrySample] {
        try await telemetry.store.write { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT at, sample FROM waiting ORDER BY at LIMIT ?", arguments: [limit])
            return try rows.compactMap { row in
                let at = Timestamp(milliseconds: row["at"])
                if let sample = SampleCoding.sample(row["sample"] as Data, at: at) { return sample }
                try database.execute(sql: "DELETE FROM waiting WHERE at = ?", arguments: [at.milliseconds])
                return nil
            }
        }
    }

    public func remove(_ samples: [TelemetrySample]) async throws {
        let times = samples.map(\.at.milliseconds)
        try await telemetry.store.write { database in
            let statement = try database.cachedStatement(sql: "DELETE FROM waiting WHERE at = ?")
            for time in times { try statement.execute(arguments: [time]) }
        }
    }

    public func count() async throws -> Int {
        try await telemetry.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM waiting") ?? 0 }
    }
}

/// A sample as a row has it: JSON, a list of the camera's UUID (empty for the edge), the metric and the value.
enum SampleCoding {
    private struct Item: Codable {
        var camera: UUID?
        var metric: String
        var value: Int64
    }

    static func encoded(_ sample: TelemetrySample) throws -> Data {
        try JSONEncoder().encode(
            sample.values.map { Item(camera: $0.camera?.uuid, metric: $0.metric.rawValue, value: $1) })
    }

    /// - Returns: `nil` when the bytes are no sample.
    static func sample(_ bytes: Data, at time: Timestamp) -> TelemetrySample? {
        guard let items = try? JSONDecoder().decode([Item].self, from: bytes) else { return nil }
        var sample = TelemetrySample(at: time)
        for item in items {
            guard let metric = TelemetryMetric(rawValue: item.metric) else { continue }
            sample.set(metric, of: item.camera.map(CameraID.init), item.value)
        }
        return sample
    }
}
