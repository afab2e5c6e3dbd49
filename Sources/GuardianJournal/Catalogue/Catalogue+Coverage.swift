import Foundation
import GRDB
import GuardianCore

extension Catalogue {
    /// Returns the gaps in `from ..< to`: the times in which something was not recorded or not watched. Newest first,
    /// with their actual ends even where these are outside of the range.
    ///
    /// - Parameter cameras: only gaps of these cameras; `nil`: of all.
    /// - Throws: `invalidArgument` when there are more than 20,000 changes in the range.
    public func gaps(cameras: Set<CameraID>? = nil, from: Timestamp, to: Timestamp) async throws -> [CoverageGap] {
        try await store.read { database in
            var gaps: [CoverageGap] = []
            for device in try Self.devices(of: cameras, in: database) {
                var reader = CoverageReader(database: database, device: device, from: from, to: to)
                let recorder = try reader.changes(of: .recorder, camera: Data())
                gaps += Self.timeline(of: recorder, recorder: [])
                for family in Coverage.Family.allCases where family != .recorder {
                    for key in try reader.cameras(of: family, only: cameras) {
                        gaps += Self.timeline(of: try reader.changes(of: family, camera: key), recorder: recorder)
                    }
                }
            }
            return gaps.filter { $0.from < to && ($0.to ?? to) > from }.sorted { $0.from > $1.from }
        }
    }

    /// Returns since when all of these cameras are known to have been watched, except in the gaps: the latest of their
    /// first looks. `nil` while one of them has never been looked at, and without cameras.
    public func watchedSince(_ cameras: [CameraID]) async throws -> Timestamp? {
        try await store.read { database in
            var latest: Timestamp?
            for camera in cameras {
                let first = try Self.firstLook(at: camera, in: database)
                guard let first else { return nil }
                latest = max(latest ?? first, first)
            }
            return latest
        }
    }

    /// Returns the cameras that have events.
    public func cameras() async throws -> [CameraID] {
        try await store.read { database in
            let next = try database.cachedStatement(sql: CatalogueSQL.nextCamera)
            var cameras: [CameraID] = []
            var camera = try UUID.fetchOne(database, sql: CatalogueSQL.firstCamera)
            while let found = camera {
                cameras.append(CameraID(found))
                camera = try UUID.fetchOne(next, arguments: [found])
            }
            return cameras
        }
    }

    /// One search per device ends at the first look; `min(at)` would read all changes of the camera.
    private static func firstLook(at camera: CameraID, in database: Database) throws -> Timestamp? {
        let statement = try database.cachedStatement(sql: CatalogueSQL.firstChange)
        return try Int64.fetchAll(database, sql: "SELECT id FROM devices").compactMap { device in
            try Int64.fetchOne(
                statement,
                arguments: [
                    device, Coverage.Family.watch.rawValue, Optional(camera).cameraKey,
                    Coverage.Change.watchBack.rawValue,
                ])
        }.min().map(Timestamp.init(milliseconds:))
    }

    private static func timeline(of changes: [CoverageChange], recorder: [CoverageChange]) -> [CoverageGap] {
        var timeline = GapTimeline()
        let all = (changes.map { ($0, false) } + recorder.map { ($0, true) }).sorted { $0.0 < $1.0 }
        for (change, isRecorder) in all { timeline.apply(change.coverage, recorder: isRecorder) }
        return timeline.finished()
    }

    /// Returns every device, or only those that have one of the cameras: another device's changes for all its cameras do not
    /// concern these.
    private static func devices(of cameras: Set<CameraID>?, in database: Database) throws -> [Int64] {
        var known: Set<Int64> = []
        for camera in cameras ?? [] {
            known.formUnion(
                try Int64.fetchAll(
                    database,
                    sql: """
                        SELECT id FROM devices WHERE EXISTS
                            (SELECT 1 FROM coverage WHERE device = devices.id AND family = 1 AND camera = ?1)
                        UNION SELECT device FROM (SELECT device FROM clips WHERE camera = ?1 LIMIT 1)
                        UNION SELECT device FROM (SELECT device FROM events WHERE camera = ?1 LIMIT 1)
                        """, arguments: [camera.uuid]))
        }
        if !known.isEmpty { return known.sorted() }
        return try Int64.fetchAll(database, sql: "SELECT id FROM devices ORDER BY id")
    }
}

/// A change of coverage, ordered by time, then by the journal's order.
struct CoverageChange: Comparable {
    let coverage: Coverage
    let chain: ChainID
    let sequence: Int64

    static func < (left: CoverageChange, right: CoverageChange) -> Bool {
        (left.coverage.at, left.chain, left.sequence) < (right.coverage.at, right.chain, right.sequence)
    }
}

/// Reads one device's changes: those within the range, the last one before it and the first one after it.
private struct CoverageReader {
    let database: Database
    let device: Int64
    let from: Timestamp
    let to: Timestamp
    private var budget = 20_000

    init(database: Database, device: Int64, from: Timestamp, to: Timestamp) {
        self.database = database
        self.device = device
        self.from = from
        self.to = to
    }

    func cameras(of family: Coverage.Family, only chosen: Set<CameraID>?) throws -> [Data] {
        if let chosen { return [Data()] + chosen.map { Optional($0).cameraKey } }
        // One search per camera; DISTINCT would read all changes.
        let first = try database.cachedStatement(sql: CatalogueSQL.firstCoveredCamera)
        let next = try database.cachedStatement(sql: CatalogueSQL.nextCoveredCamera)
        var cameras: [Data] = []
        var camera = try Data.fetchOne(first, arguments: [device, family.rawValue])
        while let found = camera {
            cameras.append(found)
            camera = try Data.fetchOne(next, arguments: [device, family.rawValue, found])
        }
        return cameras
    }

    mutating func changes(of family: Coverage.Family, camera: Data) throws -> [CoverageChange] {
        let key: StatementArguments = [device, family.rawValue, camera]
        let before = try Row.fetchAll(
            database,
            sql: """
                SELECT at, chain, sequence, change, reason FROM coverage
                WHERE device = ? AND family = ? AND camera = ? AND at < ? ORDER BY at DESC, chain DESC, sequence DESC
                LIMIT 1
                """, arguments: key + [from.milliseconds])
        let within = try Row.fetchAll(
            database,
            sql: """
                SELECT at, chain, sequence, change, reason FROM coverage
                WHERE device = ? AND family = ? AND camera = ? AND at >= ? AND at < ?
                ORDER BY at, chain, sequence LIMIT ?
                """, arguments: key + [from.milliseconds, to.milliseconds, budget + 1])
        // A gap that begins within the range may end after it.
        let after = try Row.fetchAll(
            database,
            sql: """
                SELECT at, chain, sequence, change, reason FROM coverage
                WHERE device = ? AND family = ? AND camera = ? AND at >= ? ORDER BY at, chain, sequence LIMIT 1
                """, arguments: key + [to.milliseconds])
        budget -= within.count
        guard budget >= 0 else {
            throw GuardianError(.invalidArgument, "There are too many changes in that time; ask for a shorter one.")
        }
        return try (before + within + after).map { row in
            guard let change = Coverage.Change(rawValue: row["change"]) else {
                throw GuardianError(.dataLoss, "The table of coverage holds an unknown change.")
            }
            return CoverageChange(
                coverage: Coverage(
                    change: change, camera: UUID(bytes: Array(camera)[...]).map(CameraID.init),
                    at: Timestamp(milliseconds: row["at"]), reason: row["reason"]),
                chain: ChainID(row["chain"] as UUID), sequence: row["sequence"])
        }
    }
}
