import GRDB
import GuardianArchive
import GuardianCore

extension PartLedger {
    func knownPlace(_ place: String) async throws -> KnownPlace? {
        try await store.read { try PlaceID.known(place, in: $0) }
    }

    /// Notes that a place has its marker.
    func noteMarked(_ place: String) async throws { try await store.write { try PlaceID.noteMarked(place, in: $0) } }

    /// Gives a place an id, unless it has one; returns the one that it has.
    func claimPlace(_ place: String, _ id: PlaceID) async throws -> PlaceID {
        try await store.write { try id.claim(place, in: $0) }
    }

    /// Returns the buckets that the table knows the identity of.
    func knownBuckets() async throws -> [BucketName] {
        try await store.read { database in
            try String.fetchAll(database, sql: "SELECT place FROM places WHERE place LIKE 'bucket/%' ORDER BY place")
                .compactMap { BucketName(String($0.dropFirst(StorePlaces.prefix.count))) }
        }
    }

    /// Returns parts of which the spool has bytes.
    static func spooled(in database: Database, limit: Int) throws -> [PartName] {
        try all("WHERE state IN ('uploading', 'sealed') AND size > 0 ORDER BY id DESC LIMIT ?", [limit], in: database)
            .map(\.name)
    }

    /// Returns some of the parts that a bucket must have, the newest and the oldest. Parts that count as lost are
    /// among them: the bucket may have been away when they were looked for.
    func evidence(in bucket: BucketName) async throws -> [StoredPart] {
        try await store.read { database in
            try ["DESC", "ASC"].flatMap { order in
                try Self.all(
                    """
                    WHERE bucket = ? AND state IN ('stored', 'failed') ORDER BY id \(order) LIMIT 4
                    """, [bucket.text], in: database)
            }
        }
    }
}
