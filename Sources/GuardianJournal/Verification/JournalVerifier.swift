import Foundation
import GRDB
import GuardianCore
import GuardianStorage

/// Verifies the journal of an edge or node that is not running: every signature, link and gap, whether the tables of
/// events and clips match the entries, and every clip's file. Read-only.
public struct JournalVerifier {
    public enum Place: Sendable {
        /// Missing entries are lost.
        case edge
        /// Missing entries may still be delivered.
        case node
    }

    private let path: String
    private let place: Place
    private let deviceKey: DevicePublicKey?
    private let clipFile: ((Clip) -> String)?
    private let snapshotFile: ((Event) -> String)?

    /// - Parameters:
    ///   - path: the SQLite file.
    ///   - deviceKey: the edge's own key: entries of the newest chain must be signed by it.
    ///   - clipFile: where a clip's file must be; `nil`: clips' files are not checked.
    ///   - snapshotFile: where an event's snapshot must be; `nil`: snapshots are not checked.
    public init(
        path: String, place: Place, deviceKey: DevicePublicKey? = nil, clipFile: ((Clip) -> String)? = nil,
        snapshotFile: ((Event) -> String)? = nil
    ) {
        self.path = path
        self.place = place
        self.deviceKey = deviceKey
        self.clipFile = clipFile
        self.snapshotFile = snapshotFile
    }

    /// Verifies everything. Blocks the calling thread: about 0.1 ms per entry, and the time to read every clip.
    ///
    /// - Parameter report: what the node holds of this edge; only a comparison with it shows a missing tail.
    /// - Throws: `notFound` when there is no journal. A damaged journal is a finding.
    public func verify(beside report: EdgeReport? = nil) throws -> JournalVerification {
        var result = JournalVerification()
        do {
            var files: [ExpectedFile] = []
            try Store.inspect(path: path) { database in
                for sentence in try Store.damage(in: database) {
                    result.add("The database is damaged: \(sentence).", path, Self.restore)
                }
                var walk = ChainWalk(place: place, path: path)
                let chains = try Self.chains(in: database)
                for chain in chains {
                    if let deviceKey, chain == chains.last, chain.key != deviceKey {
                        result.add(
                            "The newest chain was signed by another device key than the current one.",
                            "\(path), chain \(chain.id)", "Restore the device key from its backup.")
                    }
                    try walk.follow(chain, in: database, into: &result)
                }
                try reportRefusals(in: database, into: &result)
                try ProjectionCheck(path: path, journal: walk.newest).run(in: database, into: &result)
                if let report {
                    try NodeComparison(report: report, path: path).run(in: database, into: &result)
                }
                files = try Self.expectedFiles(
                    of: walk.newest, clips: clipFile, snapshots: snapshotFile, in: database)
            }
            for file in files { file.check(into: &result) }
        } catch let error as GuardianError where error.code == .dataLoss {
            result.isUnreadable = true
            result.add("The database cannot be read: \(error.message)", path, Self.restore)
        }
        return result
    }

    private func reportRefusals(in database: Database, into result: inout JournalVerification) throws {
        for row in try Row.fetchAll(
            database,
            sql: """
                SELECT sequence, reason FROM refused JOIN entries USING (position) ORDER BY position LIMIT 20
                """)
        {
            result.add(
                "The node refused entry \(row["sequence"] as Int64): \(row["reason"] as String)", path,
                "Compare this journal with the node's: guardian doctor --node.")
        }
    }

    static let restore = "Keep a copy of the file; the node has what was delivered. Restore a backup, if there is one."

    private static func chains(in database: Database) throws -> [StoredChain] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT chains.id AS id, chains.chain AS chain, devices.key AS key FROM chains
                JOIN devices ON devices.id = chains.device ORDER BY chains.id
                """
        ).compactMap { row in
            guard let key = DevicePublicKey(bytes: Array(row["key"] as Data)) else { return nil }
            return StoredChain(row: row["id"], id: ChainID(row["chain"] as UUID), key: key)
        }
    }

    private static func expectedFiles(
        of journal: NewestEntries, clips: ((Clip) -> String)?, snapshots: ((Event) -> String)?, in database: Database
    ) throws -> [ExpectedFile] {
        var files: [ExpectedFile] = []
        if let clips {
            for id in journal.clips.keys.sorted(by: { $0.uuidString < $1.uuidString }) {
                guard let known = try Catalogue.clips([ClipID(id)], in: database)[ClipID(id)], known.removed == nil
                else { continue }
                let open = known.clip.state == .recording
                files.append(
                    ExpectedFile(
                        what: "clip \(known.clip.id)", path: clips(known.clip), sha256: known.clip.sha256,
                        size: open ? nil : known.clip.size))
            }
        }
        if let snapshots {
            let deleted = Set(
                try UUID.fetchAll(
                    database, sql: "SELECT subject FROM tombstones WHERE kind IN ('event', 'snapshot')"))
            for id in journal.events.keys.sorted(by: { $0.uuidString < $1.uuidString }) where !deleted.contains(id) {
                guard let event = try Catalogue.events([EventID(id)], in: database)[EventID(id)],
                    let snapshot = event.snapshot
                else { continue }
                files.append(
                    ExpectedFile(
                        what: "picture of event \(event.id)", path: snapshots(event), sha256: snapshot.sha256, size: nil
                    ))
            }
        }
        return files
    }
}

/// The result of a verification: how much was checked, and what was found.
public struct JournalVerification: Sendable {
    public var findings: [Finding] = []
    /// Nothing could be checked: the file is not a readable database.
    public internal(set) var isUnreadable = false
    public internal(set) var chains = 0
    public internal(set) var entries = 0
    public internal(set) var events = 0
    public internal(set) var clips = 0
    /// Files whose hash was computed.
    public internal(set) var files = 0

    mutating func add(
        _ what: String, _ place: String, _ remedy: String, severity: Finding.Severity = .error
    ) {
        findings.append(Finding(what: what, where: place, severity: severity, remedy: remedy))
    }
}

struct StoredChain: Equatable {
    let row: Int64
    let id: ChainID
    let key: DevicePublicKey
}
