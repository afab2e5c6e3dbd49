import Foundation
import GRDB
import GuardianCore
import GuardianStorage

/// What is wrong with the audit log.
public struct AuditVerification: Hashable, Sendable {
    public enum Fault: Hashable, Sendable {
        /// An entry's bytes are not those that were hashed, or it is not an entry.
        case changed(Int64)
        /// Entries are missing between two others.
        case missing(ClosedRange<Int64>)
        /// An entry does not name the one before it.
        case unlinked(Int64)
        /// The log begins after its first entry, and no cut names this beginning.
        case beginning(Int64)
        /// An entry has no signature, or one that is not of the key.
        case signature(Int64)
    }

    public internal(set) var entries = 0
    /// At most `limit` of signatures, and as many others: entries of before there were signatures must not hide what is worse.
    public internal(set) var faults: [Fault] = []
    public static let limit = 100
}

extension AuditLog {
    /// Verifies the whole chain. What was cut off at its end cannot be seen here: compare `head` with what another log says.
    ///
    /// - Parameter isSigned: verifies a signature of `AuditEntry.signedBytes`; without it signatures are not looked at.
    public func verify(
        signature isSigned: (@Sendable (_ signed: [UInt8], _ signature: [UInt8]) -> Bool)? = nil
    ) async throws -> AuditVerification {
        try await identity.read { try Self.verification(in: $0, isSigned) }
    }

    /// Verifies the audit log in a file without changing it, whether or not a process uses it. A file of an earlier version is not
    /// migrated: the process that uses it may be of that version.
    ///
    /// - Throws: `notFound` when there is no file, `dataLoss` when it is damaged.
    public static func verification(
        ofFile path: String, signature isSigned: (@Sendable (_ signed: [UInt8], _ signature: [UInt8]) -> Bool)?
    ) throws -> AuditVerification {
        try Store.inspect(path: path) { try verification(in: $0, isSigned) }
    }

    private static func verification(
        in database: Database, _ isSigned: (@Sendable (_ signed: [UInt8], _ signature: [UInt8]) -> Bool)?
    ) throws -> AuditVerification {
        var walk = AuditWalk(isSigned: isSigned)
        guard try database.tableExists("audit") else { return walk.finished() }
        let isSigning = try database.columns(in: "audit").contains { $0.name == "signature" }
        let rows = try Row.fetchCursor(database, sql: isSigning ? AuditSQL.signed : AuditSQL.unsigned)
        while let row = try rows.next() { walk.visit(entry(row), stored: Hash256(bytes: row["hash"] as Data)) }
        return walk.finished()
    }
}

private enum AuditSQL {
    static let signed = "SELECT sequence, payload, hash, signature FROM audit ORDER BY sequence"
    /// Of earlier versions, which did not sign.
    static let unsigned = "SELECT sequence, payload, hash, NULL AS signature FROM audit ORDER BY sequence"
}

private struct AuditWalk {
    let isSigned: (@Sendable (_ signed: [UInt8], _ signature: [UInt8]) -> Bool)?
    var result = AuditVerification()
    var last: AuditEntry?
    /// The first entry's sequence and what it names as the entry before, if it is not the log's very first.
    var beginning: (sequence: Int64, previous: Hash256?)?
    var isBeginningNamed = false
    /// How many of the faults are those of signatures.
    private var unsigned = 0

    init(isSigned: (@Sendable (_ signed: [UInt8], _ signature: [UInt8]) -> Bool)?) { self.isSigned = isSigned }

    mutating func visit(_ entry: AuditEntry, stored: Hash256?) {
        result.entries += 1
        defer { last = entry }
        guard let content = try? entry.content(), content.sequence == entry.sequence, stored == entry.hash else {
            note(.changed(entry.sequence))
            return
        }
        if let last {
            if last.sequence + 1 < entry.sequence { note(.missing(last.sequence + 1...entry.sequence - 1)) }
            if last.sequence + 1 == entry.sequence, content.previous != last.hash { note(.unlinked(entry.sequence)) }
        } else if entry.sequence > 1 {
            beginning = (entry.sequence, content.previous)
        } else if content.previous != nil {
            note(.unlinked(entry.sequence))
        }
        if let isSigned {
            let isGenuine = entry.signature.map { isSigned(AuditEntry.signedBytes(of: entry.payload), $0) }
            if isGenuine != true { note(.signature(entry.sequence)) }
        }
        if let beginning, content.action == AuditAction.auditCut.rawValue,
            content.details[AuditCut.through] == "\(beginning.sequence - 1)",
            content.details[AuditCut.hash] == beginning.previous?.hex
        {
            isBeginningNamed = true
        }
    }

    mutating func note(_ fault: AuditVerification.Fault) {
        if case .signature = fault {
            guard unsigned < AuditVerification.limit else { return }
            unsigned += 1
        } else if result.faults.count - unsigned >= AuditVerification.limit {
            return
        }
        result.faults.append(fault)
    }

    mutating func finished() -> AuditVerification {
        if let beginning, !isBeginningNamed { note(.beginning(beginning.sequence)) }
        return result
    }
}
