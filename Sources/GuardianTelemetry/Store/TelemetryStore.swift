import Foundation
import GRDB
public import GuardianCore
import GuardianStorage

/// The telemetry of an edge, or of all edges of one tenant: every sample is added to the rollups of each level once.
public final class TelemetryStore: Sendable {
    let store: Store
    let clock: any WallClock

    /// Opens the file; creates it when it is missing.
    ///
    /// - Throws: what opening a `Store` throws.
    public init(path: String, clock: any WallClock = SystemClock()) throws {
        store = try Store(path: path, migrations: TelemetrySchema.migrations)
        self.clock = clock
    }

    /// What SQLite said when it found that the file is damaged; `nil` while it has not.
    public var damageFound: String? { store.damageFound }

    public func close() throws { try store.close() }

    /// Why a sample was not taken.
    public enum Refusal: String, Hashable, Sendable {
        /// It is older than `TelemetryLimits.age`.
        case tooOld = "too_old"
        /// It is further in the future than `TelemetryLimits.ahead`.
        case inFuture = "in_future"
        /// It has more series than `TelemetryLimits.series`, or its device has.
        case tooManySeries = "too_many_series"
    }

    /// What became of samples.
    public struct Outcome: Hashable, Sendable {
        /// How many were added.
        public var added = 0
        /// How many were there already.
        public var repeated = 0
        public var refused: [Timestamp: Refusal] = [:]

        public init(added: Int = 0, repeated: Int = 0, refused: [Timestamp: Refusal] = [:]) {
            self.added = added
            self.repeated = repeated
            self.refused = refused
        }
    }

    /// Adds samples of a device; returns when they are on the disk. They may be in any order, and some of them, or all, may have
    /// been added before.
    ///
    /// - Throws: only what concerns all samples, such as a full disk; then none was added.
    public func add(_ samples: [TelemetrySample], from device: Hash256) async throws -> Outcome {
        let now = clock.now()
        return try await store.write { database in
            var intake = try TelemetryIntake(device: device, now: now, in: database)
            for sample in samples { try intake.add(sample, in: database) }
            try intake.finish(in: database)
            return intake.outcome
        }
    }
}
