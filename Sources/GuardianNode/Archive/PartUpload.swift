import Foundation
import GuardianArchive
import GuardianCore
import NIOCore

/// The upload of one part: whole pieces while the part grows in the spool, the rest when the part has ended. Keeps no
/// bytes in memory between two calls; after a restart, the ticket in the table tells where to resume.
actor PartUpload {
    private let archive: TenantArchive
    private var upload: (any ObjectUpload)?
    private var digest = PartDigest()
    /// Identifies what is uploaded: a part that was reset is sealed under another header.
    let bind: Hash256?

    /// Consecutive failures.
    private var failures = 0

    /// Parts of up to this size are stored with one request.
    private static let small: Int64 = 1 << 20
    /// Pieces that are read at once, which the store may upload in parallel; 1 when pieces are large.
    private static func width(of piece: Int64) -> Int64 { piece <= 16 << 20 ? 2 : 1 }

    init(_ part: StoredPart, archive: TenantArchive) {
        self.archive = archive
        bind = part.bind
    }

    /// Uploads what is due.
    ///
    /// - Returns: the object's receipt and hash; `nil` while the part grows.
    /// - Throws: `aborted` when the part was refused or removed meanwhile.
    func ship(_ part: StoredPart) async throws -> (receipt: ObjectReceipt, sha256: Hash256)? {
        do {
            let stored = try await attempt(part)
            failures = 0
            return stored
        } catch {
            failures += 1
            if failures % Self.restartAfter == 0 { await restart(part) }
            throw error
        }
    }

    /// Consecutive failures after which an upload is restarted.
    private static let restartAfter = 4

    /// Discards an upload that fails repeatedly although the store answers other requests: some servers have no error
    /// code for an upload that they have lost. The spool still has all bytes.
    private func restart(_ part: StoredPart) async {
        guard let upload else { return }
        do { _ = try await archive.objects.head(key(part)) } catch { return }
        self.upload = nil
        try? await upload.abort()
        try? await archive.ledger.discardTicket(of: part)
    }

    private func attempt(_ part: StoredPart) async throws -> (receipt: ObjectReceipt, sha256: Hash256)? {
        let isWhole = part.state == .sealed
        let file: SpoolFile
        do { file = try archive.spool.file(of: part.name) } catch let error as GuardianError
            where error.code == .notFound
        { throw GuardianError(.dataLoss, "The spool has no file of \(part.name).", cause: error) }
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
            return (try await existing(part, sha256: sha256, error), sha256)
        } catch let error as GuardianError where error.code == .notFound {
            // The store has lost the upload.
            upload = nil
            try await archive.ledger.discardTicket(of: part)
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
            // The part was cut to its whole segments; the upload has more bytes.
            try await upload.abort()
            self.upload = nil
            try await archive.ledger.discardTicket(of: part)
        } else if let ticket = part.ticket {
            let resumed = try await archive.objects.resume(ticket)
            if await resumed.offset <= part.size {
                upload = resumed
                return resumed
            }
            try await resumed.abort()
            try await archive.ledger.discardTicket(of: part)
        }
        let begun = try await archive.objects.begin(key(part))
        // Saved before the first byte is sent, so that the upload is found after a crash.
        try await save(begun.ticket, part, begun)
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
            // Hash while the store receives the bytes.
            async let hashing: Void = hash(bytes, at: offset)
            let ticket = try await upload.append(bytes)
            await hashing
            guard ticket.stored != stored else { continue }
            stored = ticket.stored
            try await save(ticket, part, upload)
        }
    }

    private func hash(_ bytes: ByteBuffer, at offset: Int64) { digest.update(bytes, at: offset) }

    private func save(_ ticket: UploadTicket, _ part: StoredPart, _ upload: any ObjectUpload) async throws {
        guard try await archive.ledger.saveTicket(ticket, of: part) else {
            self.upload = nil
            try? await upload.abort()
            throw GuardianError(.aborted, "The part was refused or removed during its upload.")
        }
    }

    /// Returns the receipt of the object that already exists under the key, if its bytes are the part's: it was stored
    /// before a crash.
    ///
    /// - Throws: `error` when it is another object.
    private func existing(_ part: StoredPart, sha256: Hash256, _ error: GuardianError) async throws -> ObjectReceipt {
        let key = key(part)
        guard let receipt = try await archive.objects.head(key), receipt.size == part.size else { throw error }
        var hash = Digest()
        for try await piece in try await archive.objects.get(key, range: nil).pieces { hash.update(piece) }
        guard hash.value == sha256 else { throw error }
        return receipt
    }
}
