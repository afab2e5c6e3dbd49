import Foundation
import GRDB
import GuardianCore
import GuardianStorage

/// The snapshots that a journal names for an event, and the device that signed these entries.
public struct PictureEvidence: Sendable {
    /// SHA-256 of the first snapshot and of every better one.
    public let pictures: Set<Hash256>
    /// The key that the entries are signed with.
    public let deviceKey: DevicePublicKey

    /// Returns the evidence; `nil` when no correctly signed entry names a snapshot. Blocks the calling thread.
    ///
    /// - Throws: `notFound` when there is no such file, `dataLoss` when it is not a journal.
    public static func find(_ event: EventID, in path: String) throws -> PictureEvidence? {
        try Store.inspect(path: path) { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT entries.payload, entries.signature, entries.sequence, chains.chain AS chain, devices.key
                    FROM entries JOIN chains ON chains.id = entries.chain JOIN devices ON devices.id = chains.device
                    WHERE entries.subject = ? ORDER BY entries.position
                    """, arguments: [event.uuid])
            var (pictures, signer) = (Set<Hash256>(), DevicePublicKey?.none)
            while let row = try rows.next() {
                let entry = JournalEntry(
                    chain: ChainID(row["chain"] as UUID), sequence: row["sequence"],
                    payload: Array(row["payload"] as Data), signature: Array(row["signature"] as Data))
                guard let key = DevicePublicKey(bytes: Array(row["key"] as Data)), entry.isSigned(by: key),
                    let snapshot = try? entry.content().body.event?.snapshot, signer == nil || signer == key
                else { continue }
                signer = key
                pictures.insert(snapshot.sha256)
            }
            return signer.map { PictureEvidence(pictures: pictures, deviceKey: $0) }
        }
    }
}
