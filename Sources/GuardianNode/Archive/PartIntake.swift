import Foundation
import GuardianArchive
import GuardianCore

/// One stream that brings one part. What it acknowledges is on the disk, in the spool and in the table.
actor PartIntake {
    /// Bytes of one message at most.
    private static let messageLimit = 2 << 20

    private let archive: TenantArchive
    private let name: PartName
    private let camera: CameraID
    private let device: Hash256
    private var number = 0
    private var part: StoredPart?
    private var prefix: SealedPrefix?
    private var durable: Int64 = 0

    init(archive: TenantArchive, name: PartName, camera: CameraID, device: Hash256) {
        self.archive = archive
        self.name = name
        self.camera = camera
        self.device = device
    }

    /// - Returns: how many bytes are here durably; `nil` when no more are wanted: the part has ended.
    func begin() async throws -> Int64? {
        number = archive.presence.enter(name)
        var (part, shortage) = try await open()
        if let lacking = shortage, try await archive.retention.makeRoom(lacking) {
            (part, shortage) = try await open()
        }
        if let shortage { throw PartRefusal(.quota, shortage.sentence) }
        self.part = part
        guard part.state == .uploading else { return nil }
        durable = part.size
        if durable > 0 {
            prefix = try SealedPrefix(
                parsing: try await archive.spool.read(
                    name, at: 0, count: Int(min(durable, Int64(SealedFormat.prefixLimit)))))
        }
        return durable
    }

    private func open() async throws -> (part: StoredPart, shortage: Shortage?) {
        try await archive.ledger.open(name, camera: camera, device: device, at: archive.clock.now())
    }

    /// Takes bytes that go on where the part ends; they end a segment, or are its last.
    ///
    /// - Returns: how many bytes are here durably.
    func take(_ bytes: Data, at offset: UInt64) async throws -> Int64 {
        let part = try current()
        guard Int64(exactly: offset) == durable, !bytes.isEmpty, bytes.count <= Self.messageLimit else {
            throw GuardianError(
                .outOfRange,
                "The part goes on at \(durable) with 1 to \(Self.messageLimit) bytes; these are \(bytes.count) at \(offset)."
            )
        }
        if prefix == nil {
            let known = try identify(bytes)
            try await archive.ledger.identify(part, by: known)
            prefix = known
        }
        try await archive.spool.append(bytes, to: name, at: durable)
        let size = durable + Int64(bytes.count)
        try await admit(part, to: size)
        if size >> 20 != durable >> 20 { archive.news.partIsDue() }
        durable = size
        archive.presence.hear(name)
        return durable
    }

    /// Counts bytes that are in the spool, or gives the whole part up: an object is stored whole or not at all.
    private func admit(_ part: StoredPart, to size: Int64) async throws {
        var shortage = try await archive.ledger.advance(part, to: size)
        if let lacking = shortage, try await archive.retention.makeRoom(lacking) {
            shortage = try await archive.ledger.advance(part, to: size)
        }
        try await archive.warnIfNearlyFull()
        guard let shortage else { return }
        try await archive.ledger.refuse(part, wanting: size, because: shortage.sentence)
        archive.spool.remove(name)
        archive.uploads.forget(part)
        archive.news.partIsDue()
        archive.news.partWasSettled()
        throw PartRefusal(.quota, shortage.sentence)
    }

    /// Keeps a checkpoint that speaks of bytes that are here.
    func take(checkpoint bytes: [UInt8]) async throws {
        let part = try current()
        guard let prefix else { throw GuardianError(.failedPrecondition, "A checkpoint comes after its bytes.") }
        let checkpoint = try Checkpoint(bytes: bytes)
        guard checkpoint.bind == prefix.bind, checkpoint.isSigned(by: prefix.header.deviceKey) else {
            throw PartRefusal(.invalid, "A checkpoint is not signed for this part by its device.")
        }
        let here = prefix.header.layout.plaintextLength(inBody: durable - Int64(prefix.bodyOffset))
        guard let here, checkpoint.plaintextLength <= here else {
            throw PartRefusal(.invalid, "A checkpoint speaks of bytes that did not come.")
        }
        try await archive.ledger.keep(checkpoint, of: part)
        archive.presence.hear(name)
    }

    /// No more comes: what is here goes to the store.
    func end(size: UInt64, interrupted: Bool) async throws {
        let part = try current()
        guard Int64(exactly: size) == durable, durable > 0 else {
            throw GuardianError(.outOfRange, "The part should have \(size) bytes; \(durable) are here.")
        }
        var kept = durable
        if interrupted {
            var grown = part
            grown.size = durable
            kept = try await archive.wholeLength(of: grown)
        }
        try await archive.ledger.seal(part, size: kept, interrupted: interrupted)
        archive.news.partIsDue()
    }

    /// The part once it is stored or refused.
    func settled() async throws -> StoredPart {
        while true {
            let seen = archive.news.settled.value
            if let part = try await archive.ledger.part(name), part.state == .stored || part.state == .refused {
                return part
            }
            try await archive.news.settled.wait(beyond: seen)
        }
    }

    /// - Throws: `aborted` when another stream has taken the part over.
    private func current() throws -> StoredPart {
        guard let part, archive.presence.isCurrent(number, of: name) else {
            throw GuardianError(.aborted, "Another stream brings this part now.")
        }
        return part
    }

    /// What the first bytes say: they must be this device's, and of this part.
    private func identify(_ bytes: Data) throws -> SealedPrefix {
        let prefix: SealedPrefix
        do { prefix = try SealedPrefix(parsing: Array(bytes)) } catch let error as GuardianError {
            throw PartRefusal(.invalid, "What came is no sealed part: \(error.message)")
        }
        let header = prefix.header
        guard header.subject == name.subject, header.part == name.part, header.camera == camera.description,
            Hash256.sha256(of: header.deviceKey) == device
        else { throw PartRefusal(.invalid, "The sealed header is of another part or another device.") }
        return prefix
    }
}
