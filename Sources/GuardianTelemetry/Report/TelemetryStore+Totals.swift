import GRDB
public import GuardianCore

/// All that a series had in a time.
public struct TelemetryTotal: Hashable, Sendable {
    public let device: Hash256
    public let series: TelemetrySeries
    public let rollup: Rollup
    /// The last value of the first step: how a level was when the time began.
    public let first: Int64
}

extension TelemetryStore {
    /// Reads totals over the steps that begin in `from ..< to`: of a quarter of an hour while these are kept, then of an hour.
    ///
    /// - Throws: what reading the file throws.
    public func totals(
        of metrics: Set<TelemetryMetric>, from: Timestamp, to: Timestamp
    ) async throws -> [TelemetryTotal] {
        let now = clock.now()
        let level = max(.quarter, RollupLevel.finest(from: from, now: now))
        let query = TelemetryQuery(from: from, to: to, step: level.rawValue, metrics: metrics, now: now)
        return try await store.read { database in
            try Self.series(of: query, in: database).compactMap { id, device, series in
                let rows = try Self.rows(of: id, level, query, in: database)
                guard let row = try rows.next() else { return nil }
                var rollup = Rollup(row)
                let first = rollup.last
                while let row = try rows.next() { rollup.merge(Rollup(row)) }
                return TelemetryTotal(device: device, series: series, rollup: rollup, first: first)
            }
        }
    }
}
