import Foundation
import GRDB
import GuardianCore
import GuardianStorage

/// The pictures that a journal at rest names for an event, and whose word that is.
public struct PictureEvidence: Sendable {
    /// SHA-256 of the first picture and of every better one.
    public let pictures: Set<Hash256>
    /// Of the device whose signature the entries bear.
    public let deviceKey: DevicePublicKey

    /// `nil` when no entry that its device signed names any. On the calling thread.
    ///
    /// - Throws: `notFound` when there is no such file, `dataLoss` when it is no journal.
    public static func find(_ event: EventID, in path: String) throws -> PictureEvidence? {
        try Store.inspect(path: path) { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT entries.payload, entries.signature, entries.sequence, chains.chain AS chain, devices.key
                    FROM entries JOIN chains ON chains.id = entries.chain JOIN devices ON devices.id = chains.device
                    WHERE entries.subject = ? ORDER BY entries.position
                    """, arguments: [event.uuid])
            var (pictures, owner) = (Set<Hash256>(), DevicePublicKey?.none)
            while let row = try rows.next() {
                let entry = JournalEntry(
                    chain: ChainID(row["chain"] as UUID), sequence: row["sequence"],
                    payload: Array(row["payload"] as Data), signature: Array(row["signature"] as Data))
                guard let key = DevicePublicKey(bytes: Array(row["key"] as Data)), entry.isSigned(by: key),
                    let snapshot = try? entry.content().body.event?.snapshot, owner == nil || owner == key
                else { continue }
                owner = key
                pictures.insert(snapshot.sha256)
            }
            return owner.map { PictureEvidence(pictures: pictures, deviceKey: $0) }
        }
    }
}
