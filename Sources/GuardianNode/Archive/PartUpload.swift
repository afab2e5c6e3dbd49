import Foundation
import GuardianArchive
import GuardianCore
import NIOCore

/// One part's object while it grows at the store: whole pieces as the spool has them, the rest when the part has ended.
/// Between two rounds nothing of it is in memory; after a restart the ticket in the table says where it goes on.
actor PartUpload {
    private let archive: TenantArchive
    private var upload: (any ObjectUpload)?
    private var digest = PartDigest()
    /// What is uploaded: a part that begins anew is sealed under another header.
    let bind: Hash256?

    /// Failures in a row.
    private var failures = 0

    /// A part that is no larger goes in one request.
    private static let small: Int64 = 1 << 20
    /// Pieces that are read at once, for the store to take side by side; one where pieces are large.
    private static func width(of piece: Int64) -> Int64 { piece <= 16 << 20 ? 2 : 1 }

    init(_ part: StoredPart, archive: TenantArchive) {
        self.archive = archive
        bind = part.bind
    }

    /// Brings what is due; the object's receipt when it stands.
    ///
    /// - Throws: `aborted` when the part was given up meanwhile.
    func bring(_ part: StoredPart) async throws -> (receipt: ObjectReceipt, sha256: Hash256)? {
        do {
            let stored = try await attempt(part)
            failures = 0
            return stored
        } catch {
            failures += 1
            if failures % Self.hopeless == 0 { await beginAnew(part) }
            throw error
        }
    }

    /// Failures after which an upload is doubted.
    private static let hopeless = 4

    /// Gives up an upload that fails again and again though the store answers otherwise: some servers have no word for one
    /// that they have lost. The spool still has all of it.
    private func beginAnew(_ part: StoredPart) async {
        guard let upload else { return }
        do { _ = try await archive.objects.head(key(part)) } catch { return }
        self.upload = nil
        try? await upload.abort()
        try? await archive.ledger.loseTicket(of: part)
    }

    private func attempt(_ part: StoredPart) async throws -> (receipt: ObjectReceipt, sha256: Hash256)? {
        let isWhole = part.state == .sealed
        let file: SpoolFile
        do { file = try archive.spool.file(of: part.name) } catch let error as GuardianError
            where error.code == .notFound
        { throw GuardianError(.dataLoss, "The spool lacks \(part.name).", cause: error) }
        do {
            if isWhole, part.ticket == nil, upload == nil, part.size <= Self.small { return try await put(part, file) }
            let upload = try await open(part)
            try await append(part, file, to: upload, isWhole: isWhole)
            guard isWhole else { return nil }
            let receipt = try await upload.finish()
            guard receipt.size == part.size else {
                throw GuardianError(.dataLoss, "The store has \(receipt.size) bytes of \(part.name), not \(part.size).")
            }
            return (receipt, try await digest.value(of: file, size: part.size))
        } catch let error as GuardianError where error.code == .alreadyExists && isWhole {
            try? await upload?.abort()
            upload = nil
            let sha256 = try await digest.value(of: file, size: part.size)
            return (try await known(part, sha256: sha256, error), sha256)
        } catch let error as GuardianError where error.code == .notFound {
            // The store has lost it.
            upload = nil
            try await archive.ledger.loseTicket(of: part)
            throw error
        }
    }

    private var key: (StoredPart) -> ObjectKey {
        { [layout = archive.layout] in layout.key(of: $0.name.object, camera: $0.camera) }
    }

    private func put(
        _ part: StoredPart, _ file: SpoolFile
    ) async throws -> (receipt: ObjectReceipt, sha256: Hash256) {
        let bytes = try await file.read(0..<part.size)
        digest.update(bytes, at: 0)
        let receipt = try await archive.objects.put(key(part), bytes)
        return (receipt, try await digest.value(of: file, size: part.size))
    }

    private func open(_ part: StoredPart) async throws -> any ObjectUpload {
        if let upload {
            guard await upload.offset > part.size else { return upload }
            // It was cut to its whole segments; what is at the store has more.
            try await upload.abort()
            self.upload = nil
            try await archive.ledger.loseTicket(of: part)
        } else if let ticket = part.ticket {
            let resumed = try await archive.objects.resume(ticket)
            if await resumed.offset <= part.size {
                upload = resumed
                return resumed
            }
            try await resumed.abort()
            try await archive.ledger.loseTicket(of: part)
        }
        let begun = try await archive.objects.begin(key(part))
        // Noted before the first byte goes there, so that it is found again after a fall.
        try await keep(begun.ticket, part, begun)
        upload = begun
        return begun
    }

    private func append(
        _ part: StoredPart, _ file: SpoolFile, to upload: any ObjectUpload, isWhole: Bool
    ) async throws {
        let begin = await upload.offset
        let left = part.size - begin
        let piece = Int64(upload.pieceSize)
        let goal = isWhole ? part.size : begin + left / piece * piece
        var stored = await upload.ticket.stored
        for offset in stride(from: begin, to: goal, by: Int(piece * Self.width(of: piece))) {
            let bytes = try await file.read(offset..<min(goal, offset + piece * Self.width(of: piece)))
            // While the store takes them.
            async let hashing: Void = hash(bytes, at: offset)
            let ticket = try await upload.append(bytes)
            await hashing
            guard ticket.stored != stored else { continue }
            stored = ticket.stored
            try await keep(ticket, part, upload)
        }
    }

    private func hash(_ bytes: ByteBuffer, at offset: Int64) { digest.update(bytes, at: offset) }

    private func keep(_ ticket: UploadTicket, _ part: StoredPart, _ upload: any ObjectUpload) async throws {
        guard try await archive.ledger.keep(ticket, of: part) else {
            self.upload = nil
            try? await upload.abort()
            throw GuardianError(.aborted, "The part was given up while it was uploaded.")
        }
    }

    /// An object stands under the key: ours, if its bytes are the same, from a time before a fall.
    private func known(_ part: StoredPart, sha256: Hash256, _ error: GuardianError) async throws -> ObjectReceipt {
        let key = key(part)
        guard let receipt = try await archive.objects.head(key), receipt.size == part.size else { throw error }
        var hash = Digest()
        for try await piece in try await archive.objects.get(key, range: nil).pieces { hash.update(piece) }
        guard hash.value == sha256 else { throw error }
        return receipt
    }
}
