import Foundation
import GRDB
import GuardianCore

extension Catalogue {
    /// How many of the newest entries are asked for their time: an edge may deliver old ones after new ones.
    private static let newestEntries = 64

    /// Returns the latest time of the newest entries; `nil` when there are none.
    package static func newestSignedTime(in database: Database) throws -> Timestamp? {
        let entries = try Data.fetchAll(
            database, sql: "SELECT payload FROM entries ORDER BY position DESC LIMIT ?", arguments: [newestEntries])
        return entries.compactMap { JournalContent.stored(Array($0))?.at }.max()
    }

    /// Returns the latest time of the newest entries; `nil` when there are none.
    package func newestSignedTime() async throws -> Timestamp? {
        try await store.read { try Self.newestSignedTime(in: $0) }
    }
}
