import Foundation
import GRDB
import GuardianCore

/// The newest entry of every event and clip, computed from the entries.
struct NewestEntries {
    struct Mark: Comparable {
        let chain: ChainID
        let sequence: Int64

        static func < (left: Mark, right: Mark) -> Bool {
            (left.chain, left.sequence) < (right.chain, right.sequence)
        }
    }

    private(set) var events: [UUID: Mark] = [:]
    private(set) var clips: [UUID: Mark] = [:]

    mutating func note(_ body: JournalBody, _ mark: Mark) {
        if let event = body.event {
            events[event.id.uuid] = max(events[event.id.uuid] ?? mark, mark)
        } else if let clip = body.clip {
            clips[clip.id.uuid] = max(clips[clip.id.uuid] ?? mark, mark)
        }
    }
}

/// Verifies chains from their first entry to their last.
struct ChainWalk {
    let place: JournalVerifier.Place
    let path: String
    private(set) var newest = NewestEntries()

    init(place: JournalVerifier.Place, path: String) {
        self.place = place
        self.path = path
    }

    mutating func follow(
        _ chain: StoredChain, in database: Database, into result: inout JournalVerification
    ) throws {
        result.chains += 1
        var expected: Int64 = 1
        // The hash that the next entry must name; `.some(nil)` for the first entry of a chain. `nil` while it is
        // unknown: after a missing or broken entry.
        var previous: Hash256?? = .some(nil)
        let rows = try Row.fetchCursor(
            database, sql: "SELECT sequence, payload, signature FROM entries WHERE chain = ? ORDER BY sequence",
            arguments: [chain.row])
        while let row = try rows.next() {
            let entry = EntryRow.entry(row, chain: chain.id)
            result.entries += 1
            if entry.sequence > expected {
                reportMissing(expected, entry.sequence - 1, of: chain, into: &result)
                previous = nil
            }
            expected = entry.sequence + 1
            guard let content = check(entry, of: chain, into: &result) else {
                previous = nil
                continue
            }
            if let previous, content.previous != previous {
                result.add(
                    "Entry \(entry.sequence) does not follow the entry before it: one of them was replaced.",
                    location(chain, entry.sequence), JournalVerifier.restore)
            }
            previous = .some(entry.hash)
            newest.note(content.body, NewestEntries.Mark(chain: chain.id, sequence: entry.sequence))
        }
    }

    private func check(
        _ entry: JournalEntry, of chain: StoredChain, into result: inout JournalVerification
    ) -> JournalContent? {
        let location = location(chain, entry.sequence)
        guard entry.isSigned(by: chain.key) else {
            result.add(
                "Entry \(entry.sequence) was changed: its signature is invalid.", location, JournalVerifier.restore)
            return nil
        }
        guard let content = try? entry.content() else {
            result.add(
                "Entry \(entry.sequence) is signed, but cannot be read.", location,
                "Read it with the version of Guardian that wrote it.")
            return nil
        }
        guard content.chain == chain.id, content.sequence == entry.sequence else {
            result.add(
                "Entry \(entry.sequence) is out of its place: it says that it is entry \(content.sequence) of chain \(content.chain).",
                location, JournalVerifier.restore)
            return nil
        }
        return content
    }

    private func reportMissing(
        _ first: Int64, _ last: Int64, of chain: StoredChain, into result: inout JournalVerification
    ) {
        let what = first == last ? "Entry \(first) is missing." : "Entries \(first) to \(last) are missing."
        switch place {
        case .edge: result.add(what, location(chain, first), JournalVerifier.restore)
        case .node:
            result.add(
                what, location(chain, first),
                "If the edge is still delivering, check again later; if its outbox is empty, run doctor there.",
                severity: .warning)
        }
    }

    private func location(_ chain: StoredChain, _ sequence: Int64) -> String {
        "\(path), chain \(chain.id), entry \(sequence)"
    }
}
