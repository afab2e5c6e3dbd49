import Foundation
import GRDB
import GuardianCore
import GuardianHTTP
import GuardianJournal

extension EventCache {
    /// Returns when the newest entry of each of these events was stored here: at the node, this is its delivery. Only
    /// the edge knows how often it tried, and what is still in its outbox.
    func delivery(of events: [EventID]) async throws -> [EventID: DeliveryView] {
        try await store.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT stored_at FROM events JOIN entries USING (position) WHERE events.id = ?")
            var deliveries: [EventID: DeliveryView] = [:]
            for event in events {
                guard let at = try Int64.fetchOne(statement, arguments: [event.uuid]) else { continue }
                deliveries[event] = DeliveryView(
                    state: .delivered, attempts: 1, acknowledgedAt: Timestamp(milliseconds: at),
                    firstAcknowledgedAt: nil)
            }
            return deliveries
        }
    }
}
