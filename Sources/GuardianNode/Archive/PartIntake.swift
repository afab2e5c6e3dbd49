import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal

/// One stream that brings one part. Bytes are written as they come, and made durable together while more come: what it
/// acknowledges is on the disk, in the spool and in the table.
actor PartIntake {
    /// Bytes of one message at most.
    private static let messageLimit = 2 << 20
    /// Bytes that may wait to be made durable; an edge sends less before it hears of them.
    private static let window: Int64 = 16 << 20

    private let archive: TenantArchive
    private let device: Hash256
    private(set) var name: PartName?
    private var number = 0
    private var part: StoredPart?
    private var prefix: SealedPrefix?
    private var file: SpoolWriter?
    /// Where the part ends in the spool's file.
    private var written: Int64 = 0
    private var durable: Int64 = 0
    /// The newest that is not in the table yet; it speaks of bytes that are written.
    private var checkpoint: Checkpoint?
    /// Rises with all that comes.
    private let arrived = Watermark(0)
    /// Rises when all that had come then is durable.
    private let saved = Watermark(0)

    init(archive: TenantArchive, device: Hash256) {
        self.archive = archive
        self.device = device
    }

    /// - Returns: how many bytes are here durably; `nil` when no more are wanted: the part has ended.
    func begin(_ name: PartName, camera: CameraID) async throws -> Int64? {
        self.name = name
        number = archive.presence.enter(name)
        var (part, shortage) = try await open(name, camera)
        if let lacking = shortage, try await archive.retention.makeRoom(lacking) {
            (part, shortage) = try await open(name, camera)
        }
        if let shortage { throw PartRefusal(.quota, shortage.sentence) }
        self.part = part
        guard part.state == .uploading else { return nil }
        if part.size > 0 { prefix = try await archive.spool.prefix(of: name, size: part.size) }
        (written, durable) = (part.size, part.size)
        return durable
    }

    private func open(_ name: PartName, _ camera: CameraID) async throws -> (part: StoredPart, shortage: Shortage?) {
        try await archive.ledger.open(name, camera: camera, device: device, at: archive.clock.now())
    }

    /// Takes bytes that go on where the part ends; they end a segment, or are its last.
    func receive(_ bytes: Data, at offset: UInt64) async throws {
        let part = try current()
        guard Int64(exactly: offset) == written, !bytes.isEmpty, bytes.count <= Self.messageLimit else {
            throw GuardianError(
                .outOfRange,
                "The part goes on at \(written) with 1 to \(Self.messageLimit) bytes; these are \(bytes.count) at \(offset)."
            )
        }
        if prefix == nil {
            let known = try part.identified(by: bytes)
            try await archive.ledger.identify(part, by: known)
            prefix = known
        }
        try await wait { $0.written - $0.durable < Self.window }
        let file = try await writer(of: part)
        try await file.write(bytes, at: written)
        written += Int64(bytes.count)
        archive.presence.hear(part.name)
        arrived.increment()
    }

    private func writer(of part: StoredPart) async throws -> SpoolWriter {
        if let file { return file }
        let opened = try await archive.spool.writer(of: part.name)
        file = opened
        return opened
    }

    /// Takes a checkpoint that speaks of bytes that are here.
    func receive(checkpoint bytes: [UInt8]) throws {
        let part = try current()
        guard let prefix else { throw GuardianError(.failedPrecondition, "A checkpoint comes after its bytes.") }
        let checkpoint = try Checkpoint(bytes: bytes)
        guard checkpoint.bind == prefix.bind, checkpoint.isSigned(by: prefix.header.deviceKey) else {
            throw PartRefusal(.invalid, "A checkpoint is not signed for this part by its device.")
        }
        let here = prefix.header.layout.plaintextLength(inBody: written - Int64(prefix.bodyOffset))
        guard let here, checkpoint.plaintextLength <= here else {
            throw PartRefusal(.invalid, "A checkpoint speaks of bytes that did not come.")
        }
        self.checkpoint = checkpoint
        archive.presence.hear(part.name)
        arrived.increment()
    }

    /// Makes all that has come durable, with one sync and one commit, as soon as something has come.
    ///
    /// - Returns: how many bytes are here durably, when they have become more.
    func save() async throws -> Int64? {
        while written == durable, checkpoint == nil { try await arrived.wait(beyond: arrived.value) }
        let part = try current()
        let (before, size, checkpoint) = (durable, written, checkpoint)
        if size > before { try await file?.sync() }
        try await admit(part, to: size, with: checkpoint)
        if size >> 20 != before >> 20 { archive.news.partIsDue() }
        durable = size
        if self.checkpoint == checkpoint { self.checkpoint = nil }
        saved.increment()
        return size > before ? size : nil
    }

    /// Returns when all that came is durable.
    func flush() async throws { try await wait { $0.written == $0.durable && $0.checkpoint == nil } }

    private func wait(until isMet: (isolated PartIntake) -> Bool) async throws {
        while !isMet(self) { try await saved.wait(beyond: saved.value) }
    }

    /// Counts bytes that are in the spool, or gives the whole part up: an object is stored whole or not at all.
    private func admit(_ part: StoredPart, to size: Int64, with checkpoint: Checkpoint?) async throws {
        var shortage = try await archive.ledger.advance(part, to: size, with: checkpoint)
        if let lacking = shortage, try await archive.retention.makeRoom(lacking) {
            shortage = try await archive.ledger.advance(part, to: size, with: checkpoint)
        }
        try await archive.warnIfNearlyFull()
        guard let shortage else { return }
        try await archive.ledger.refuse(part, wanting: size, because: shortage.sentence)
        archive.spool.remove(part.name)
        archive.uploads.forget(part)
        archive.news.partIsDue()
        archive.news.partWasSettled()
        throw PartRefusal(.quota, shortage.sentence)
    }

    /// No more comes: what is here goes to the store.
    func end(size: UInt64, interrupted: Bool) async throws {
        let part = try current()
        guard Int64(exactly: size) == written, written > 0 else {
            throw GuardianError(.outOfRange, "The part should have \(size) bytes; \(written) are here.")
        }
        try await flush()
        var kept = durable
        if interrupted {
            var grown = part
            grown.size = durable
            kept = try await archive.wholeLength(of: grown)
        }
        try await archive.ledger.seal(part, size: kept, interrupted: interrupted)
        archive.news.partIsDue()
    }

    /// Bytes of a part that ended before its clip, which the store has or will have; `nil` of any other.
    func interruption() async throws -> Int64? {
        guard let name, let part = try await archive.ledger.part(name), part.isInterrupted else { return nil }
        return part.state == .sealed || part.state == .stored ? part.size : nil
    }

    /// The part once it is stored or refused.
    func settled() async throws -> StoredPart {
        while true {
            let seen = archive.news.settled.value
            if let name, let part = try await archive.ledger.part(name),
                part.state == .stored || part.state == .refused
            {
                return part
            }
            try await archive.news.settled.wait(beyond: seen)
        }
    }

    /// - Throws: `aborted` when another stream has taken the part over.
    private func current() throws -> StoredPart {
        guard let part, archive.presence.isCurrent(number, of: part.name) else {
            throw GuardianError(.aborted, "Another stream brings this part now.")
        }
        return part
    }
}

extension StoredPart {
    /// What a part's first bytes say: they must be its device's, and of this part.
    fileprivate func identified(by bytes: Data) throws -> SealedPrefix {
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
