import Foundation
import GRDB
import GuardianCore

/// Reads and writes codes; of their secrets only hashes.
enum CodeRows {
    static func insert(_ code: NewCode, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO codes (prefix, tenant, secret, created_at, ends_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                code.prefix, code.tenant.text, Data(code.secretDigest.bytes), code.createdAt.milliseconds,
                code.endsAt.milliseconds,
            ])
    }

    static func find(_ prefix: String, in database: Database) throws -> (code: CodeRecord, digest: Hash256)? {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM codes WHERE prefix = ?", arguments: [prefix]),
            let code = record(row), let digest = Hash256(bytes: row["secret"] as Data)
        else { return nil }
        return (code, digest)
    }

    static func all(of tenant: TenantName, in database: Database) throws -> [CodeRecord] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM codes WHERE tenant = ? ORDER BY created_at DESC, prefix",
            arguments: [tenant.text]
        ).compactMap(record)
    }

    static func openCount(of tenant: TenantName, at now: Timestamp, in database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM codes WHERE tenant = ? AND used_at IS NULL AND ends_at > ?",
            arguments: [tenant.text, now.milliseconds]) ?? 0
    }

    static func use(_ prefix: String, _ applicant: Applicant, in database: Database) throws {
        try database.execute(
            sql: "UPDATE codes SET used_at = ?, used_by = ?, used_from = ? WHERE prefix = ?",
            arguments: [
                applicant.at.milliseconds, Data(applicant.device.bytes), applicant.address, prefix,
            ])
    }

    static func noteLate(_ prefix: String, _ applicant: Applicant, in database: Database) throws {
        try database.execute(
            sql: "UPDATE codes SET late = late + 1, late_at = ?, late_by = ?, late_from = ? WHERE prefix = ?",
            arguments: [
                applicant.at.milliseconds, Data(applicant.device.bytes), applicant.address, prefix,
            ])
    }

    static func forget(before time: Timestamp, in database: Database) throws {
        try database.execute(sql: "DELETE FROM codes WHERE ends_at < ?", arguments: [time.milliseconds])
    }

    private static func record(_ row: Row) -> CodeRecord? {
        guard let tenant = TenantName(row["tenant"] as String) else { return nil }
        return CodeRecord(
            prefix: row["prefix"], tenant: tenant, createdAt: Timestamp(milliseconds: row["created_at"]),
            endsAt: Timestamp(milliseconds: row["ends_at"]), used: use(row, "used"), lateCount: row["late"],
            late: use(row, "late"))
    }

    private static func use(_ row: Row, _ kind: String) -> CodeRecord.Use? {
        guard let at = row["\(kind)_at"] as Int64?,
            let device = (row["\(kind)_by"] as Data?).flatMap({ Hash256(bytes: $0) })
        else { return nil }
        return CodeRecord.Use(
            at: Timestamp(milliseconds: at), device: device, address: row["\(kind)_from"] as String? ?? "")
    }
}
