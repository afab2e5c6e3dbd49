import Foundation
import GRDB
import GuardianCore

/// Whether the lists of events and clips name exactly the newest entries.
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
        var left = expected
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(table).id AS id, \(table).chain AS chain, \(table).sequence AS sequence, owner.chain AS held,
                    entries.sequence AS place
                FROM \(table) LEFT JOIN entries ON entries.position = \(table).position
                LEFT JOIN chains AS owner ON owner.id = entries.chain
                """)
        while let row = try rows.next() {
            let id: UUID = row["id"]
            let mark = NewestEntries.Mark(chain: ChainID(row["chain"] as UUID), sequence: row["sequence"])
            let held: UUID? = row["held"]
            let place: Int64? = row["place"]
            let newest = left.removeValue(forKey: id)
            guard let newest else {
                add("The list names \(what) \(id.text), of which the journal has no readable entry.", id, &result)
                continue
            }
            if newest != mark || held != mark.chain.uuid || place != mark.sequence {
                add(
                    "The list shows \(what) \(id.text) as of entry \(mark.sequence), but its newest entry here is \(newest.sequence).",
                    id, &result)
            }
        }
        for id in left.keys { add("The journal has \(what) \(id.text), but the list does not.", id, &result) }
        return expected.count
    }

    private func add(_ what: String, _ id: UUID, _ result: inout JournalVerification) {
        result.add(what, "\(path), \(id.text)", JournalVerifier.restore)
    }
}

extension UUID {
    fileprivate var text: String { uuidString.lowercased() }
}
