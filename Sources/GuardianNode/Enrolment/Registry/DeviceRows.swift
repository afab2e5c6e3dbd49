import Foundation
import GRDB
import GuardianCore

/// Reads and writes devices.
enum DeviceRows {
    static func find(_ fingerprint: Hash256, in database: Database) throws -> DeviceRecord? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM devices WHERE fingerprint = ?", arguments: [Data(fingerprint.bytes)]
        ).flatMap(record)
    }

    static func all(in database: Database) throws -> [DeviceRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM devices ORDER BY changed_at DESC, fingerprint").compactMap(
            record)
    }

    static func count(of tenant: TenantName, in database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM devices WHERE tenant = ?", arguments: [tenant.text]) ?? 0
    }

    static func pendingCount(in database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM devices WHERE state = ?",
            arguments: [DeviceState.pending.rawValue]) ?? 0
    }

    static func forgetPending(before time: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM devices WHERE state = ? AND asked_at < ?",
            arguments: [DeviceState.pending.rawValue, time.milliseconds])
    }

    /// Stores a device that asks, with its new state.
    static func put(
        _ applicant: Applicant, state: DeviceState, tenant: TenantName?, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO devices (fingerprint, tenant, state, name, address, asked_at, changed_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
                ON CONFLICT (fingerprint) DO UPDATE SET tenant = excluded.tenant, state = excluded.state,
                    name = excluded.name, address = excluded.address, asked_at = excluded.asked_at,
                    changed_at = excluded.changed_at
                """,
            arguments: [
                Data(applicant.device.bytes), tenant?.text, state.rawValue, applicant.name, applicant.address,
                applicant.at.milliseconds,
            ])
    }

    /// Notes that a device that is known asked again. Once an operator has decided about it, it keeps the name by which they know it:
    /// an edge that renews its certificate gives its host's name.
    static func noteAsking(_ applicant: Applicant, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE devices SET name = CASE WHEN state = ? THEN ? ELSE name END, address = ?, asked_at = ? WHERE fingerprint = ?
                """,
            arguments: [
                DeviceState.pending.rawValue, applicant.name, applicant.address, applicant.at.milliseconds,
                Data(applicant.device.bytes),
            ])
    }

    static func noteCertificate(of device: Hash256, until end: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "UPDATE devices SET certificate_ends_at = ? WHERE fingerprint = ?",
            arguments: [end.milliseconds, Data(device.bytes)])
    }

    static func set(
        _ fingerprint: Hash256, state: DeviceState, tenant: TenantName?, at now: Timestamp, in database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE devices SET state = ?, tenant = ?, changed_at = ? WHERE fingerprint = ?",
            arguments: [state.rawValue, tenant?.text, now.milliseconds, Data(fingerprint.bytes)])
    }

    private static func record(_ row: Row) -> DeviceRecord? {
        guard let fingerprint = Hash256(bytes: row["fingerprint"] as Data),
            let state = DeviceState(rawValue: row["state"])
        else { return nil }
        return DeviceRecord(
            fingerprint: fingerprint, tenant: (row["tenant"] as String?).flatMap { TenantName($0) }, state: state,
            name: row["name"], address: row["address"], askedAt: Timestamp(milliseconds: row["asked_at"]),
            changedAt: Timestamp(milliseconds: row["changed_at"]),
            certificateEndsAt: (row["certificate_ends_at"] as Int64?).map { Timestamp(milliseconds: $0) })
    }
}
