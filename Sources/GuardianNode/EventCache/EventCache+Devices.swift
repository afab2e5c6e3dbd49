import Foundation
import GRDB
import GuardianCore
import GuardianJournal

extension EventCache {
    /// Returns the fingerprint of the device whose journal has an event; `nil` when none has.
    func device(of event: EventID) async throws -> Hash256? {
        try await fingerprint(
            "SELECT key FROM events JOIN devices ON devices.id = events.device WHERE events.id = ?", event.uuid)
    }

    /// Returns the fingerprint of the device whose journal has a clip; `nil` when none has.
    func device(of clip: ClipID) async throws -> Hash256? {
        try await fingerprint(
            "SELECT key FROM clips JOIN devices ON devices.id = clips.device WHERE clips.id = ?", clip.uuid)
    }

    private func fingerprint(_ sql: String, _ id: UUID) async throws -> Hash256? {
        try await store.read { database in
            let key = try Data.fetchOne(database, sql: sql, arguments: [id])
            return key.flatMap { DevicePublicKey(bytes: Array($0))?.fingerprint }
        }
    }
}
