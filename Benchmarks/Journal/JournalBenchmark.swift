import Crypto
import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianNode

/// `journal-benchmark FOLDER` measures entries a second of the edge's journal, of the node's event cache and of raw SQLite
/// with the same payloads, batches and durability (WAL, `synchronous=FULL`). Raw SQLite is measured alone, and with one
/// signature made or checked per entry, which is the minimum work of a signed journal. Prints a JSON line for each batch
/// size.
@main
struct JournalBenchmark {
    /// Entries per transaction, and how many entries are written in all.
    static let rounds = [(batch: 1, total: 1_000), (batch: 16, total: 8_000), (batch: 256, total: 25_600)]

    struct Figures: Encodable {
        var batch: Int
        var journal: Double
        var cache: Double
        var sqlite: Double
        var signed: Double
        var checked: Double
    }

    /// What raw SQLite does in addition to writing.
    enum Proof { case none, sign, check }

    static func main() async throws {
        let folder = CommandLine.arguments.dropFirst().first ?? NSTemporaryDirectory()
        for (batch, total) in rounds {
            let subfolder = "\(folder)/\(batch)"
            try FileManager.default.createDirectory(atPath: subfolder, withIntermediateDirectories: true)
            let (journal, key, entries) = try await writeJournal(at: subfolder, batch: batch, total: total)
            let figures = Figures(
                batch: batch, journal: journal,
                cache: try await fillCache(at: subfolder, with: entries, from: key, batch: batch),
                sqlite: try writePlain(at: subfolder, entries: entries, batch: batch, proof: .none),
                signed: try writePlain(at: subfolder, entries: entries, batch: batch, proof: .sign),
                checked: try writePlain(at: subfolder, entries: entries, batch: batch, proof: .check))
            FileHandle.standardOutput.write(try JSONEncoder().encode(figures) + Data("\n".utf8))
        }
    }

    private static func writeJournal(
        at place: String, batch: Int, total: Int
    ) async throws -> (rate: Double, key: DevicePublicKey, entries: [JournalEntry]) {
        let journal = try Journal(path: "\(place)/edge.sqlite", key: DeviceKey())
        var entries: [JournalEntry] = []
        entries.reserveCapacity(total)
        let bodies = (0..<total).map { JournalBody.eventUpdated(event($0)) }
        let took = try await ContinuousClock().measure {
            for start in stride(from: 0, to: total, by: batch) {
                entries += try await journal.append(
                    Array(bodies[start..<min(start + batch, total)]), at: SystemClock().now())
            }
        }
        try journal.close()
        return (rate(total, took), journal.deviceKey, entries)
    }

    private static func fillCache(
        at place: String, with entries: [JournalEntry], from key: DevicePublicKey, batch: Int
    ) async throws -> Double {
        let cache = try EventCache(path: "\(place)/node.sqlite")
        let took = try await ContinuousClock().measure {
            for start in stride(from: 0, to: entries.count, by: batch) {
                let verdicts = try await cache.accept(
                    Array(entries[start..<min(start + batch, entries.count)]), from: key)
                guard verdicts.allSatisfy(\.isStored) else {
                    throw GuardianError(.internal, "The event cache refused an entry.")
                }
            }
        }
        try cache.close()
        return rate(entries.count, took)
    }

    private static func writePlain(
        at place: String, entries: [JournalEntry], batch: Int, proof: Proof
    ) throws -> Double {
        let key = Curve25519.Signing.PrivateKey()
        let signature = try key.signature(for: Data(entries.first?.payload ?? []))
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL") }
        let queue = try DatabaseQueue(path: "\(place)/plain-\(proof).sqlite", configuration: configuration)
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE entries (
                        chain BLOB NOT NULL, sequence INTEGER NOT NULL, payload BLOB NOT NULL, signature BLOB NOT NULL,
                        PRIMARY KEY (chain, sequence)
                    )
                    """)
        }
        let took = try ContinuousClock().measure {
            for start in stride(from: 0, to: entries.count, by: batch) {
                try queue.write { database in
                    let insert = try database.cachedStatement(sql: "INSERT INTO entries VALUES (?, ?, ?, ?)")
                    for entry in entries[start..<min(start + batch, entries.count)] {
                        switch proof {
                        case .none: break
                        case .sign: _ = try key.signature(for: Data(entry.payload))
                        case .check: _ = key.publicKey.isValidSignature(signature, for: Data(entry.payload))
                        }
                        try insert.execute(arguments: [
                            entry.chain.uuid, entry.sequence, Data(entry.payload), Data(entry.signature),
                        ])
                    }
                }
            }
        }
        try queue.close()
        return rate(entries.count, took)
    }

    private static func rate(_ count: Int, _ took: Duration) -> Double { Double(count) / (took / .seconds(1)) }

    /// Returns an event as it is after some seconds: eight path points, a snapshot, a clip.
    private static func event(_ index: Int) -> Event {
        let start = Timestamp(milliseconds: 1_790_000_000_000 + Int64(index) * 1_000)
        return Event(
            id: .v7(at: start), camera: CameraID(UUID()), label: .person, state: .open, confidence: 0.87,
            box: Box(x: 0.25, y: 0.5, width: 0.125, height: 0.375), startedAt: start, endedAt: start + 4_000,
            path: (0..<8).map {
                PathPoint(offset: $0 * 500, box: Box(x: 0.0625 * Double($0), y: 0.5, width: 0.125, height: 0.375))
            },
            snapshot: Snapshot(sha256: .sha256(of: [9]), width: 1_920, height: 1_080, at: start),
            clips: [ClipSpan(clip: .v7(at: start), from: 5_000, to: 9_000, preRollShort: false)])
    }
}
