import Foundation
import GuardianArchive
import GuardianCore
import NIOCore

/// One part's object while it grows at the store: whole pieces as the spool has them, the rest when the part has ended.
/// Between two rounds nothing of it is in memory; after a restart the ticket in the table says where it goes on.
actor PartUpload {
    private let archive: TenantArchive
    private var upload: (any ObjectUpload)?
    private var hash = Digest()
    private var hashed: Int64 = 0
    /// What is uploaded: a part that begins anew is sealed under another header.
    let bind: Hash256?

    /// Failures in a row.
    private var failures = 0

    /// Bytes that are read at once.
    private static let piece: Int64 = 1 << 20

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
        do {
            if isWhole, part.ticket == nil, upload == nil, part.size <= Self.piece { return try await put(part) }
            let upload = try await open(part)
            try await append(part, to: upload, isWhole: isWhole)
            guard isWhole else { return nil }
            return (try await upload.finish(), try await sha256(of: part))
        } catch let error as GuardianError where error.code == .alreadyExists && isWhole {
            try? await upload?.abort()
            upload = nil
            let sha256 = try await sha256(of: part)
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

    private func put(_ part: StoredPart) async throws -> (receipt: ObjectReceipt, sha256: Hash256) {
        let bytes = try await archive.spool.read(part.name, at: 0, count: Int(part.size))
        guard bytes.count == Int(part.size) else { throw Self.lacking(part) }
        let receipt = try await archive.objects.put(key(part), ByteBuffer(bytes: bytes))
        return (receipt, try await sha256(of: part))
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

    private func append(_ part: StoredPart, to upload: any ObjectUpload, isWhole: Bool) async throws {
        var offset = await upload.offset
        let left = part.size - offset
        let piece = Int64(upload.pieceSize)
        let goal = isWhole ? part.size : offset + left / piece * piece
        var stored = await upload.ticket.stored
        while offset < goal {
            let bytes = try await archive.spool.read(
                part.name, at: offset, count: Int(min(Self.piece, goal - offset)))
            guard !bytes.isEmpty else { throw Self.lacking(part) }
            let ticket = try await upload.append(ByteBuffer(bytes: bytes))
            offset += Int64(bytes.count)
            if ticket.stored != stored {
                stored = ticket.stored
                try await keep(ticket, part, upload)
            }
        }
    }

    private func keep(_ ticket: UploadTicket, _ part: StoredPart, _ upload: any ObjectUpload) async throws {
        guard try await archive.ledger.keep(ticket, of: part) else {
            self.upload = nil
            try? await upload.abort()
            throw GuardianError(.aborted, "The part was given up while it was uploaded.")
        }
    }

    private func sha256(of part: StoredPart) async throws -> Hash256 {
        if hashed > part.size { (hash, hashed) = (Digest(), 0) }
        while hashed < part.size {
            let bytes = try await archive.spool.read(
                part.name, at: hashed, count: Int(min(Self.piece, part.size - hashed)))
            guard !bytes.isEmpty else { throw Self.lacking(part) }
            hash.update(ByteBuffer(bytes: bytes))
            hashed += Int64(bytes.count)
        }
        return hash.value
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

    private static func lacking(_ part: StoredPart) -> GuardianError {
        GuardianError(.dataLoss, "The spool lacks bytes of \(part.name).")
    }
}
