import Foundation
import GRDB
import GuardianCore
import GuardianStorage

/// What a journal says of a clip in the archive, and the device that signed that entry.
public struct SealedEvidence: Sendable {
    public let sealed: SealedClip
    /// The key that the entry is signed with.
    public let deviceKey: DevicePublicKey

    /// The entries about a subject, newest first.
    package static let query = """
        SELECT entries.payload, entries.signature, entries.sequence, chains.chain AS chain, devices.key
        FROM entries JOIN chains ON chains.id = entries.chain JOIN devices ON devices.id = chains.device
        WHERE entries.subject = ? ORDER BY entries.position DESC
        """

    /// Returns the newest correctly signed entry about the sealed clip; `nil` when there is none. Blocks the calling
    /// thread, and reads only entries about the clip.
    ///
    /// - Throws: `notFound` when there is no such file, `dataLoss` when it is not a journal.
    public static func find(_ clip: ClipID, in path: String) throws -> SealedEvidence? {
        try Store.inspect(path: path) { database in
            let rows = try Row.fetchCursor(database, sql: query, arguments: [clip.uuid])
            while let row = try rows.next() {
                let entry = JournalEntry(
                    chain: ChainID(row["chain"] as UUID), sequence: row["sequence"],
                    payload: Array(row["payload"] as Data), signature: Array(row["signature"] as Data))
                guard let key = DevicePublicKey(bytes: Array(row["key"] as Data)), entry.isSigned(by: key),
                    case .clipSealed(let sealed)? = try? entry.content().body, sealed.clip == clip
                else { continue }
                return SealedEvidence(sealed: sealed, deviceKey: key)
            }
            return nil
        }
    }
}
