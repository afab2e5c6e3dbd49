import GRDB
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging

extension TenantArchive {
    /// Returns the time by which clips expire now; `nil` while the node's clock is not believed. It is supported by the newest
    /// entry that a recorder signed, and by the object store's own date.
    ///
    /// - Parameter bucket: one whose store may be asked for its date.
    /// - Throws: what reading or writing the tables throws.
    func expiryTime(asking bucket: BucketName?) async throws -> Timestamp? {
        var supports: [Timestamp] = []
        if let signed = try await ledger.newestSignedTime() { supports.append(signed) }
        if let bucket, let date = try? await objects.date(of: bucket) { supports.append(date) }
        return try await expiry.now(supportedBy: supports)
    }

    /// Returns why the clock is not believed, as text for people.
    static func problem(_ doubt: ExpiryClock.Doubt) -> String {
        "The node's clock says \(doubt.clock), but nothing else supports a time after \(doubt.supported). Set the clock. "
            + "Until then, or until an entry of a recorder confirms it, nothing is removed for its age."
    }
}

extension ExpiryClock {
    static func node(
        ledger: PartLedger, clock: any WallClock, monotonic: any MonotonicClock, logger: Logger
    ) -> ExpiryClock {
        ExpiryClock(
            memory: Memory(
                read: { try await ledger.believedTime() }, write: { try await ledger.saveBelieved($0) }),
            clock: clock, monotonic: monotonic
        ) { change in
            switch change {
            case .doubted(let doubt):
                logger.error(
                    "clock of the node is not believed: nothing is removed for its age",
                    metadata: ["clock": "\(doubt.clock)", "supported": "\(doubt.supported)"])
            case .believed(let time):
                logger.notice("clock of the node is believed again", metadata: ["clock": "\(time)"])
            }
        }
    }
}

extension PartLedger {
    /// Returns the last time that was believed.
    func believedTime() async throws -> Timestamp? {
        try await store.read {
            try Int64.fetchOne($0, sql: "SELECT at FROM believed_time").map(Timestamp.init(milliseconds:))
        }
    }

    func saveBelieved(_ time: Timestamp) async throws {
        try await store.write { database in
            try database.execute(
                sql: "INSERT INTO believed_time (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = ?1",
                arguments: [time.milliseconds])
        }
    }

    /// Returns the newest time that a recorder signed.
    func newestSignedTime() async throws -> Timestamp? {
        try await store.read { try Catalogue.newestSignedTime(in: $0) }
    }
}
