import Foundation
import GRDB
import GuardianCore

/// Compares an edge's journal with its node's report. Only this shows a missing tail, since a shorter chain is valid in
/// itself.
struct NodeComparison {
    let report: EdgeReport
    let path: String

    func run(in database: Database, into result: inout JournalVerification) throws {
        for chain in report.chains {
            try compare(chain, in: database, into: &result)
            reportFindings(of: chain, into: &result)
        }
    }

    private func compare(
        _ chain: ChainReport, in database: Database, into result: inout JournalVerification
    ) throws {
        let place = "\(path), chain \(chain.chain)"
        let newest = try EntryRow.newest(of: chain.chain, in: database)?.sequence ?? 0
        if newest < chain.highest {
            result.add(
                "The end was cut: the node has entries up to \(chain.highest), here they end at \(newest).", place,
                "Fetch entries \(newest + 1) to \(chain.highest) from the node; the next start begins a new chain.")
        } else if chain.highest > 0 {
            let own = try EntryRow.fetch(chain: chain.chain, sequence: chain.highest, in: database)
            if own?.hash != chain.highestHash {
                result.add(
                    "Entry \(chain.highest) here is not the one that the node has.", "\(place), entry \(chain.highest)",
                    JournalVerifier.restore)
            }
        }
        try reportLost(chain, newest: newest, in: database, into: &result)
    }

    /// Reports entries that are neither at the node nor in the outbox. Reports nothing while the edge is connected:
    /// entries that were acknowledged after the node's report would look lost.
    private func reportLost(
        _ chain: ChainReport, newest: Int64, in database: Database, into result: inout JournalVerification
    ) throws {
        guard !report.connected else { return }
        var missing = chain.gaps
        if newest > chain.highest { missing.append(SequenceRange(first: chain.highest + 1, last: newest)) }
        for range in missing {
            let lost = try Int64.fetchAll(
                database,
                sql: """
                    SELECT sequence FROM entries
                    WHERE chain = (SELECT id FROM chains WHERE chain = ?) AND sequence BETWEEN ? AND ?
                        AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.position = entries.position)
                    ORDER BY sequence LIMIT 10
                    """, arguments: [chain.chain.uuid, range.first, range.last])
            guard let first = lost.first else { continue }
            result.add(
                "The node lacks entry \(first), and it is not in the outbox.",
                "\(path), chain \(chain.chain), entry \(first)", "Look for the reason in the node's log.")
        }
    }

    private func reportFindings(of chain: ChainReport, into result: inout JournalVerification) {
        let place = "node, chain \(chain.chain)"
        if let broken = chain.brokenAt {
            result.add(
                "At the node, entry \(broken) does not follow the entry before it.", place,
                "This device signed two histories: find out who else has its key.")
        }
        for fork in chain.forks {
            result.add(
                "The node received two different entries \(fork).", place,
                "This device signed two histories: was it restored from a backup, or copied?")
        }
        if chain.rejected > chain.forks.count, let last = chain.lastRejection {
            result.add(
                "The node refused \(chain.rejected) entries, the last one because: \(last.reason)", place,
                "Look at the node's log.", severity: .warning)
        }
    }
}
