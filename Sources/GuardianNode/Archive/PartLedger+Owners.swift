import Foundation
import GRDB
import GuardianCore
import GuardianJournal

/// Whose a clip is: the device's whose signed journal has it; while no journal has it, that of the first part. A clip
/// belongs to one device with all its parts, so that nobody takes a number before its owner does.
extension PartLedger {
    /// Checks that a device may send a part, and removes what other devices sent of its clip before its journal arrived.
    ///
    /// - Returns: the removed parts; their files must be removed, too.
    /// - Throws: `PartRefusal` when the part is another device's or another camera's.
    func claim(_ name: PartName, camera: CameraID, device: Hash256) async throws -> [StoredPart] {
        try await store.write { database in
            var squatted: [StoredPart] = []
            if try Self.owner(of: name, in: database) == device {
                squatted = try Self.all(
                    "WHERE kind = ? AND subject = ? AND device <> ? AND state <> 'stored'",
                    [name.kind.rawValue, name.subject, Data(device.bytes)], in: database)
                for part in squatted { try Self.forget(part, in: database) }
            }
            try Self.checkOwner(of: name, camera: camera, device: device, in: database)
            return squatted
        }
    }

    /// - Throws: `PartRefusal` when the part is another device's or another camera's: for good, unless a journal may still
    ///   show that the clip is this device's.
    static func checkOwner(
        of name: PartName, camera: CameraID, device: Hash256, in database: Database
    ) throws {
        let owner = try owner(of: name, in: database)
        let isOtherDevices = try exists("device <> ?", [Data(device.bytes)], of: name, in: database)
        let isOtherCameras = try exists(
            "device = ? AND part = ? AND camera <> ?", [Data(device.bytes), name.part, camera.uuid], of: name,
            in: database)
        guard isOtherDevices || isOtherCameras || (owner != nil && owner != device) else { return }
        // Not the code of a failed call: an edge repeats a call that failed, for ever.
        let mayBecomeOwner = owner == nil && !isOtherCameras
        throw PartRefusal(mayBecomeOwner ? .quota : .invalid, "\(name) is another device's or another camera's.")
    }

    private static func exists(
        _ condition: String, _ values: [any DatabaseValueConvertible], of name: PartName, in database: Database
    ) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM parts WHERE kind = ? AND subject = ? AND \(condition))")
        let arguments: [any DatabaseValueConvertible] = [name.kind.rawValue, name.subject] + values
        return try Bool.fetchOne(statement, arguments: StatementArguments(arguments)) ?? false
    }

    /// Returns the device whose journal has the clip, or the event of the snapshot.
    private static func owner(of name: PartName, in database: Database) throws -> Hash256? {
        let table = name.kind == .clip ? "clips" : "events"
        let key = try Data.fetchOne(
            try database.cachedStatement(
                sql: "SELECT key FROM \(table) JOIN devices ON devices.id = \(table).device WHERE \(table).id = ?"),
            arguments: [name.subject])
        return key.flatMap { DevicePublicKey(bytes: Array($0)) }?.fingerprint
    }

    static func forget(_ part: StoredPart, in database: Database) throws {
        if let ticket = part.ticket {
            try database.execute(
                sql: "INSERT OR IGNORE INTO abandoned_uploads VALUES (?)", arguments: [try ticket.json])
        }
        try database.execute(sql: "DELETE FROM parts WHERE id = ?", arguments: [part.row])
    }
}
