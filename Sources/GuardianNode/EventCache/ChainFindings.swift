import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianStorage

/// Findings that a node recorded while it received its edges' chains: forks, broken links, rejected entries, missing
/// tails. The stored entries alone do not show them.
struct ChainFindings {
    let path: String

    /// Reads the findings from a tenant's file.
    func findings() throws -> [Finding] {
        try Store.inspect(path: path) { database in
            try states(in: database) + rejections(in: database)
        }
    }

    private func states(in database: Database) throws -> [Finding] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT chains.chain AS chain, highest, broken_at, claimed FROM chain_states
                JOIN chains ON chains.id = chain_states.chain ORDER BY chains.id
                """
        ).flatMap { row -> [Finding] in
            let place = "\(path), chain \(ChainID(row["chain"] as UUID))"
            var findings: [Finding] = []
            if let broken = row["broken_at"] as Int64? {
                findings.append(
                    Finding(
                        what: "Entry \(broken) does not follow the entry before it.", where: place, severity: .error,
                        remedy: "The device signed two histories: find out who else has its key."))
            }
            let highest: Int64 = row["highest"]
            if let claimed = row["claimed"] as Int64?, claimed > highest {
                findings.append(
                    Finding(
                        what: "The edge said that it has entries up to \(claimed); \(highest) is the last one here.",
                        where: place, severity: .warning,
                        remedy: "Let the edge deliver; if it cannot, its last entries are lost."))
            }
            return findings
        }
    }

    private func rejections(in database: Database) throws -> [Finding] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT chain, kind, count(*) AS count, min(sequence) AS first, max(reason) AS reason FROM rejections
                GROUP BY chain, kind ORDER BY min(id) LIMIT 100
                """
        ).map { row in
            Finding(
                what:
                    "\(row["count"] as Int) entries were refused (\(row["kind"] as String)): \(row["reason"] as String)",
                where: "\(path), chain \(ChainID(row["chain"] as UUID)), entry \(row["first"] as Int64)",
                severity: .error,
                remedy: "The refused entries are kept in the table `rejections`, with their signatures.")
        }
    }
}
