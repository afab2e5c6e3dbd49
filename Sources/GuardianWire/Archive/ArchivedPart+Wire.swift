import Foundation
import GuardianCore

extension Guardian_V1_ArchivedPart {
    init(_ part: ArchivedPart) {
        self.init()
        self.part = UInt32(clamping: part.number)
        status = Guardian_V1_ArchiveStatus(part.status)
        interrupted = part.isInterrupted
        size = UInt64(clamping: part.size)
        sha256 = Data(part.sha256?.bytes ?? [])
        bucket = part.bucket ?? ""
        objectKey = part.objectKey ?? ""
        keyIds = Array(part.keyIDs.prefix(ArchiveLimits.keys))
        startedAt = part.startedAt.milliseconds
        if let time = part.storedAt { storedAt = time.milliseconds }
        if let newest = part.checkpoint {
            checkpoint.plaintextLength = UInt64(clamping: newest.plaintextLength)
            checkpoint.at = newest.at.milliseconds
            checkpoint.signed = Data(newest.signed)
        }
    }
}

extension ArchivedPart {
    /// Bytes of a recipient's id.
    private static let keyIDSize = 8

    /// - Throws: `GuardianError` `.internal` when a value is impossible.
    init(_ wire: Guardian_V1_ArchivedPart) throws {
        let sha256 = Hash256(bytes: wire.sha256)
        let keys = try WireField.checked(wire.keyIds, to: ArchiveLimits.keys)
        guard wire.part < ArchiveLimits.parts, let status = wire.status.status, sha256 != nil || wire.sha256.isEmpty,
            keys.allSatisfy(Self.isKeyID)
        else { throw WireField.impossible }
        self.init(
            number: Int(wire.part), status: status, isInterrupted: wire.interrupted,
            size: try WireField.number(wire.size, in: Plausible.fileSize), sha256: sha256,
            bucket: try WireField.name(wire.bucket, to: ArchiveLimits.bucket),
            objectKey: try WireField.name(wire.objectKey, to: ArchiveLimits.objectKey), keyIDs: keys,
            startedAt: WireField.time(wire.startedAt),
            storedAt: wire.hasStoredAt ? WireField.time(wire.storedAt) : nil,
            checkpoint: wire.hasCheckpoint ? Checkpoint(wire.checkpoint) : nil)
    }

    private static func isKeyID(_ text: String) -> Bool {
        text.utf8.count <= 11 && Base64URL.decode(Array(text.utf8))?.count == keyIDSize
    }
}

extension ArchivedPart.Checkpoint {
    /// `nil` when a value is impossible: it is what a recorder signed, which must not keep others from being listed.
    init?(_ wire: Guardian_V1_PartCheckpoint) {
        guard let length = Plausible.fileSize.checked(wire.plaintextLength),
            wire.signed.count == ArchiveLimits.checkpoint
        else { return nil }
        self.init(plaintextLength: length, at: WireField.time(wire.at), signed: Array(wire.signed))
    }
}
