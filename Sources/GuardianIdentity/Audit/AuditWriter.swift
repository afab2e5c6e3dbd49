import Foundation
import GRDB
import GuardianCore

/// Appends to the audit log in transactions of others.
struct AuditWriter: Sendable {
    /// Signs `AuditEntry.signedBytes`; `nil` while there is no key. The chain alone shows changed, missing and reordered
    /// entries; a signature also shows entries of somebody who can write the file but has no key.
    let sign: (@Sendable ([UInt8]) throws -> [UInt8])?

    /// - Parameter removed: the last entry that was removed, which comes before this one if none is left.
    func append(
        _ record: AuditRecord, at time: Timestamp, after removed: (sequence: Int64, hash: Hash256)? = nil,
        in database: Database
    ) throws {
        let head = try Row.fetchOne(database, sql: "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")
        let sequence = (head?["sequence"] as Int64? ?? removed?.sequence ?? 0) + 1
        let previous = head.map { Hash256(bytes: $0["hash"] as Data) } ?? removed?.hash
        let payload = try AuditPayload(record, sequence: sequence, previous: previous, at: time).bytes()
        let signature = try sign?(AuditEntry.signedBytes(of: payload))
        try database.execute(
            sql: "INSERT INTO audit (sequence, at, payload, hash, signature) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                sequence, time.milliseconds, Data(payload), Data(AuditPayload.hash(of: payload).bytes),
                signature.map { Data($0) },
            ])
    }
}
