import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianOperations

/// Receives one part over one stream. Bytes are written as they arrive, and made durable in groups while more arrive.
/// Acknowledged bytes are on the disk, in the spool and in the table.
actor PartIntake {
    /// Maximum bytes of one message.
    private static let messageLimit = 2 << 20
    /// Maximum bytes that are received and not durable; an edge keeps fewer bytes unacknowledged.
    private static let window: Int64 = 16 << 20

    private let archive: TenantArchive
    private let device: Hash256
    private(set) var name: PartName?
    /// The number of this stream at `PartSenders`.
    private var number = 0
    private var part: StoredPart?
    private var prefix: SealedPrefix?
    private var file: SpoolWriter?
    /// The part's length in the spool file.
    private var written: Int64 = 0
    private var durable: Int64 = 0
    /// Bytes that the whole part will have, as the edge says; 0 when it does not know.
    private var announced: Int64 = 0
    /// The newest checkpoint that is not in the table yet; it covers only written bytes.
    private var checkpoint: Checkpoint?
    /// Incremented with every message.
    private let arrived = Watermark(0)
    /// Incremented when everything received so far became durable.
    private let saved = Watermark(0)

    init(archive: TenantArchive, device: Hash256) {
        self.archive = archive
        self.device = device
    }

    /// Opens the part.
    ///
    /// - Parameter size: bytes that the whole part will have, as the edge says; 0 when it does not know.
    /// - Returns: the number of durable bytes; `nil` when the part has ended.
    /// - Throws: `PartRefusal` when there is no room, or when the part is another device's.
    func begin(_ name: PartName, camera: CameraID, size: Int64) async throws -> Int64? {
        self.name = name
        announced = size
        try await archive.spoolPlace.require()
        // Before the takeover: no other device's stream may end because of this one.
        for squatted in try await archive.ledger.claim(name, camera: camera, device: device) {
            archive.spool.remove(squatted.name)
            archive.senders.forget(squatted.sender)
            archive.uploads.forget(squatted)
            archive.logger.warning(
                "part of another device's clip removed",
                metadata: ["part": "\(squatted.name)", "device": "\(squatted.device)"])
            archive.signals.partIsDue()
        }
        try await checkFloor(name)
        number = archive.senders.register(PartSender(name: name, device: device))
        let (archive, device) = (archive, device)
        let (part, shortage) = try await archive.retention.makeRoom {
            let opened = try await archive.ledger.open(
                name, camera: camera, device: device, size: size, at: archive.clock.now())
            return (opened.part, opened.shortage)
        }
        if let shortage {
            archive.senders.forget(part.sender)
            throw PartRefusal(.quota, shortage.sentence)
        }
        self.part = part
        guard part.state == .uploading else { return nil }
        if part.size > 0 { prefix = try await archive.spool.prefix(of: name, size: part.size) }
        (written, durable) = (part.size, part.size)
        return durable
    }

    /// - Throws: `PartRefusal` for a new part, `resourceExhausted` for one that has begun, when the disk is almost full.
    ///   What has ended is answered as ever.
    private func checkFloor(_ name: PartName) async throws {
        guard let shortage = archive.floor.shortage() else { return }
        let known = try await archive.ledger.part(name)
        switch known?.state {
        case .sealed, .stored: return
        case .uploading where (known?.size ?? 0) > 0: throw GuardianError(.resourceExhausted, shortage)
        case .uploading, .refused, .failed, nil: throw PartRefusal(.quota, shortage)
        }
    }

    /// Writes the bytes that follow those received so far. A message ends with a whole segment, or with the part.
    func receive(_ bytes: Data, at offset: UInt64) async throws {
        let part = try current()
        guard Int64(exactly: offset) == written, !bytes.isEmpty, bytes.count <= Self.messageLimit else {
            throw GuardianError(
                .outOfRange,
                "Expected 1 to \(Self.messageLimit) bytes at offset \(written), but got \(bytes.count) at \(offset)."
            )
        }
        if prefix == nil {
            let known = try part.identified(by: bytes)
            try await archive.ledger.identify(part, by: known)
            prefix = known
        }
        try await wait { $0.written - $0.durable < Self.window }
        // A few times a second at most.
        if (written + Int64(bytes.count)) >> 20 != written >> 20, let shortage = archive.floor.shortage() {
            throw GuardianError(.resourceExhausted, shortage)
        }
        let file = try await writer(of: part)
        try await file.write(bytes, at: written)
        written += Int64(bytes.count)
        archive.senders.noteActivity(of: part.sender)
        arrived.increment()
    }

    private func writer(of part: StoredPart) async throws -> SpoolWriter {
        if let file { return file }
        let opened = try await archive.spool.writer(of: part.name)
        file = opened
        return opened
    }

    /// Accepts a checkpoint that covers only received bytes.
    func receive(checkpoint bytes: [UInt8]) throws {
        let part = try current()
        guard let prefix else { throw GuardianError(.failedPrecondition, "A checkpoint must follow its bytes.") }
        let checkpoint = try Checkpoint(bytes: bytes)
        guard checkpoint.bind == prefix.bind, checkpoint.isSigned(by: prefix.header.deviceKey) else {
            throw PartRefusal(.invalid, "A checkpoint is not signed for this part by its device.")
        }
        let received = prefix.header.layout.plaintextLength(inBody: written - Int64(prefix.bodyOffset))
        guard let received, checkpoint.plaintextLength <= received else {
            throw PartRefusal(.invalid, "A checkpoint covers bytes that were not received.")
        }
        self.checkpoint = checkpoint
        archive.senders.noteActivity(of: part.sender)
        arrived.increment()
    }

    /// Waits until something has arrived, and makes everything received durable with one sync and one commit.
    ///
    /// - Returns: the number of durable bytes; `nil` when there are no more than before.
    func save() async throws -> Int64? {
        while written == durable, checkpoint == nil { try await arrived.wait(beyond: arrived.value) }
        let part = try current()
        let (before, size, checkpoint) = (durable, written, checkpoint)
        if size > before { try await file?.sync() }
        try await commit(part, to: size, with: checkpoint)
        if size >> 20 != before >> 20 { archive.signals.partIsDue() }
        durable = size
        if self.checkpoint == checkpoint { self.checkpoint = nil }
        saved.increment()
        return size > before ? size : nil
    }

    /// Waits until everything received is durable.
    func flush() async throws { try await wait { $0.written == $0.durable && $0.checkpoint == nil } }

    private func wait(until isMet: (isolated PartIntake) -> Bool) async throws {
        while !isMet(self) { try await saved.wait(beyond: saved.value) }
    }

    /// Records the part's new size in the table, or refuses the whole part when there is no room: an object is stored
    /// whole or not at all.
    private func commit(_ part: StoredPart, to size: Int64, with checkpoint: Checkpoint?) async throws {
        let (archive, announced) = (archive, announced)
        let (_, shortage) = try await archive.retention.makeRoom {
            ((), try await archive.ledger.advance(part, to: size, of: announced, with: checkpoint))
        }
        try await archive.warnIfNearlyFull()
        guard let shortage else { return }
        try await archive.ledger.refuse(part, wanting: max(size, announced), because: shortage.sentence)
        archive.spool.remove(part.name)
        archive.uploads.forget(part)
        archive.senders.forget(part.sender)
        archive.signals.partIsDue()
        archive.signals.partWasSettled()
        throw PartRefusal(.quota, shortage.sentence)
    }

    /// Ends the part: what was received is shipped to the store.
    func end(size: UInt64, interrupted: Bool) async throws {
        let part = try current()
        guard Int64(exactly: size) == written, written > 0 else {
            throw GuardianError(.outOfRange, "The part should have \(size) bytes; \(written) were received.")
        }
        try await flush()
        var kept = durable
        if interrupted {
            var grown = part
            grown.size = durable
            kept = try await archive.wholeLength(of: grown)
        }
        try await archive.ledger.seal(part, size: kept, interrupted: interrupted)
        archive.signals.partIsDue()
    }

    /// Returns the size of a part that ended before its clip did; `nil` for any other part.
    func interruption() async throws -> Int64? {
        guard let name, let part = try await archive.ledger.part(name), part.isInterrupted else { return nil }
        return part.state == .sealed || part.state == .stored ? part.size : nil
    }

    /// Waits until the part is stored, refused or lost, or can never be stored, and returns it.
    func settled() async throws -> StoredPart {
        while true {
            let seen = archive.signals.settled.value
            if let name, let part = try await archive.ledger.part(name),
                part.state == .stored || part.state == .refused || part.state == .failed || part.stuck != nil
            {
                return part
            }
            try await archive.signals.settled.wait(beyond: seen)
        }
    }

    /// Returns the part.
    ///
    /// - Throws: `aborted` when another stream sends the part now.
    private func current() throws -> StoredPart {
        guard let part, archive.senders.isCurrent(number, of: part.sender) else {
            throw GuardianError(.aborted, "Another stream sends this part now.")
        }
        return part
    }
}

extension StoredPart {
    /// Parses a part's first bytes, which must name this part and its device.
    ///
    /// - Throws: `PartRefusal` when they do not.
    fileprivate func identified(by bytes: Data) throws -> SealedPrefix {
        let prefix: SealedPrefix
        do { prefix = try SealedPrefix(parsing: Array(bytes)) } catch let error as GuardianError {
            throw PartRefusal(.invalid, "The bytes are not a sealed part: \(error.message)")
        }
        let header = prefix.header
        guard header.subject == name.subject, header.part == name.part, header.camera == camera.description,
            Hash256.sha256(of: header.deviceKey) == device
        else { throw PartRefusal(.invalid, "The sealed header names another part or another device.") }
        return prefix
    }
}
