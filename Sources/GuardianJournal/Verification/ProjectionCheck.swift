import Foundation
import GRDB
import GuardianCore

/// Checks that the tables of events and clips name exactly the newest entries.
struct ProjectionCheck {
    let path: String
    let journal: NewestEntries

    func run(in database: Database, into result: inout JournalVerification) throws {
        result.events = try compare("events", "event", journal.events, in: database, into: &result)
        result.clips = try compare("clips", "clip", journal.clips, in: database, into: &result)
    }

    private func compare(
        _ table: String, _ what: String, _ expected: [UUID: NewestEntries.Mark], in database: Database,
        into result: inout JournalVerification
    ) throws -> Int {
        var remaining = expected
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(table).id AS id, \(table).chain AS chain, \(table).sequence AS sequence,
                    chains.chain AS entry_chain, entries.sequence AS entry_sequence
                FROM \(table) LEFT JOIN entries ON entries.position = \(table).position
                LEFT JOIN chains ON chains.id = entries.chain
                """)
        while let row = try rows.next() {
            let id: UUID = row["id"]
            let mark = NewestEntries.Mark(chain: ChainID(row["chain"] as UUID), sequence: row["sequence"])
            let entryChain: UUID? = row["entry_chain"]
            let entrySequence: Int64? = row["entry_sequence"]
            let newest = remaining.removeValue(forKey: id)
            guard let newest else {
                add("The list names \(what) \(id.text), of which the journal has no readable entry.", id, &result)
                continue
            }
            if newest != mark || entryChain != mark.chain.uuid || entrySequence != mark.sequence {
                add(
                    "The list shows \(what) \(id.text) as of entry \(mark.sequence), but its newest entry here is \(newest.sequence).",
                    id, &result)
            }
        }
        for id in remaining.keys { add("The journal has \(what) \(id.text), but the list does not.", id, &result) }
        return expected.count
    }

    private func add(_ what: String, _ id: UUID, _ result: inout JournalVerification) {
        result.add(what, "\(path), \(id.text)", JournalVerifier.restore)
    }
}

extension UUID {
    fileprivate var text: String { uuidString.lowercased() }
}
