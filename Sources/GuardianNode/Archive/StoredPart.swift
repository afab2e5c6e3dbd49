import Foundation
import GRDB
import GuardianArchive
import GuardianCore

/// A row of the table of parts.
package struct StoredPart: Sendable, Hashable {
    package enum State: String, Sendable {
        /// Bytes are being received, or will be when the edge reconnects.
        case uploading
        /// The part has ended and is in the spool; the store does not have it yet.
        case sealed
        /// The store has it: complete, or as far as it was received when `isInterrupted`.
        case stored
        /// There was no room for it.
        case refused
        /// The store has lost the object, or the object has changed.
        case failed
    }

    package var row: Int64
    var name: PartName
    var camera: CameraID
    /// Fingerprint of the device that sent it.
    var device: Hash256
    package var state: State
    var isInterrupted: Bool
    /// Why it is waiting, was refused or has failed; text for people.
    var reason: String?
    /// Bytes that are durable in the spool, or the object's size.
    package var size: Int64
    var contentType: String?
    /// SHA-256 of the part's header and signature; `nil` before its first bytes.
    var bind: Hash256?
    var deviceKey: [UInt8]
    var keyIDs: [String]
    var checkpoint: Checkpoint?
    var sha256: Hash256?
    var key: ObjectKey?
    var startedAt: Timestamp
    var storedAt: Timestamp?
    /// The progress of its upload, while there is one.
    var ticket: UploadTicket?
    /// On hold: the node never removes it.
    var isHeld: Bool
    /// Why it is not tried again before the next upkeep.
    enum Stuck: Int, Sendable {
        /// The store refuses the request as it is; the store's owner may mend this.
        case refused = 1
        /// Another object has its name.
        case forGood = 2
    }

    /// `nil` while it may be shipped.
    var stuck: Stuck?

    static let columns = """
        id, kind, subject, part, camera, device, state, interrupted, reason, size, content_type, bind, device_key,
        key_ids, checkpoint, sha256, bucket, object_key, started_at, stored_at, ticket, held, stuck
        """

    /// - Throws: `dataLoss` when the row holds invalid values.
    package init(_ row: Row) throws {
        guard let kind = PartName.Kind(rawValue: row["kind"]), let state = State(rawValue: row["state"]),
            let device = Hash256(bytes: row["device"] as Data)
        else { throw GuardianError(.dataLoss, "A part's row in the archive's table cannot be read.") }
        self.row = row["id"]
        name = PartName(kind: kind, subject: row["subject"], part: row["part"])
        camera = CameraID(row["camera"] as UUID)
        self.device = device
        self.state = state
        isInterrupted = row["interrupted"]
        reason = row["reason"]
        size = row["size"]
        contentType = row["content_type"]
        bind = (row["bind"] as Data?).flatMap { Hash256(bytes: $0) }
        deviceKey = Array(row["device_key"] as Data)
        keyIDs = (row["key_ids"] as String).split(separator: " ").map(String.init)
        // A damaged value of one part must not keep the others.
        checkpoint = (row["checkpoint"] as Data?).flatMap { try? Checkpoint(bytes: Array($0)) }
        sha256 = (row["sha256"] as Data?).flatMap { Hash256(bytes: $0) }
        if let bucket = (row["bucket"] as String?).flatMap({ BucketName($0) }),
            let object = (row["object_key"] as String?).flatMap({ ObjectName($0) })
        {
            key = ObjectKey(bucket: bucket, name: object)
        }
        startedAt = Timestamp(milliseconds: row["started_at"])
        storedAt = (row["stored_at"] as Int64?).map(Timestamp.init(milliseconds:))
        ticket = (row["ticket"] as String?).flatMap { try? UploadTicket(json: $0) }
        isHeld = row["held"]
        stuck = Stuck(rawValue: row["stuck"])
    }
}
