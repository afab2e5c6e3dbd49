import Foundation
import GRDB
import GuardianCore

extension Catalogue {
    /// Returns those of the events that are kept.
    public func kept(of events: [EventID]) async throws -> Set<EventID> {
        try await store.read { database in
            let statement = try database.cachedStatement(sql: "SELECT 1 FROM keeps WHERE event = ? AND kept = 1")
            return Set(try events.filter { try Int.fetchOne(statement, arguments: [$0.uuid]) != nil })
        }
    }
}
