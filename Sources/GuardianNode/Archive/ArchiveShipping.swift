import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import NIOCore
import ServiceLifecycle

/// Brings sealed parts from the spool to the object store, oldest first, again and again until the store has them.
///
/// The spool's file goes after the table says that the part is stored: a fall in between stores nothing twice, since the
/// object that stands already is known by its bytes.
struct ArchiveShipping: Service {
    let archive: TenantArchive
    let backoff: Backoff
    private static let piece: Int64 = 1 << 20

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                let seen = archive.news.sealed.value
                do {
                    try await shipAll()
                    failures = 0
                    try await archive.news.sealed.wait(beyond: seen)
                } catch is CancellationError {
                    return
                } catch {
                    failures += 1
                    try? await Task.sleep(for: backoff.delay(after: failures))
                }
            }
        }
    }

    private func shipAll() async throws {
        var failure: (any Error)?
        for part in try await archive.ledger.parts(in: .sealed) {
            do { try await ship(part) } catch is CancellationError {
                throw CancellationError()
            } catch {
                // One part that the store will not have does not hold up the others.
                failure = error
                let reason = (error as? GuardianError)?.message ?? "\(error)"
                if part.reason != reason {
                    archive.logger.warning(
                        "a part waits for the store", metadata: ["part": "\(part.name)", "reason": "\(error)"])
                    try await archive.ledger.note(reason, of: part)
                }
            }
        }
        if let failure { throw failure }
    }

    private func ship(_ part: StoredPart) async throws {
        let key = archive.layout.key(of: part.name.object, camera: part.camera)
        let sha256 = try await archive.spool.hash(part.name, size: part.size)
        let receipt: ObjectReceipt
        do {
            receipt = try await upload(part, to: key)
        } catch let error as GuardianError where error.code == .alreadyExists {
            receipt = try await known(part, at: key, sha256: sha256, error)
        }
        try await archive.ledger.store(part, receipt: receipt, sha256: sha256)
        archive.spool.remove(part.name)
        archive.presence.forget(part.name)
        archive.news.partWasSettled()
        archive.logger.info(
            "a part is stored",
            metadata: ["part": "\(part.name)", "size": "\(receipt.size)", "interrupted": "\(part.isInterrupted)"])
    }

    private func upload(_ part: StoredPart, to key: ObjectKey) async throws -> ObjectReceipt {
        if part.size <= Self.piece {
            return try await archive.objects.put(
                key, ByteBuffer(bytes: try await archive.spool.read(part.name, at: 0, count: Int(part.size))))
        }
        let upload = try await archive.objects.begin(key)
        do {
            var place: Int64 = 0
            while place < part.size {
                let bytes = try await archive.spool.read(
                    part.name, at: place, count: Int(min(Self.piece, part.size - place)))
                guard !bytes.isEmpty else {
                    throw GuardianError(.dataLoss, "The spool lacks bytes of \(part.name).")
                }
                try await upload.append(ByteBuffer(bytes: bytes))
                place += Int64(bytes.count)
            }
            return try await upload.finish()
        } catch {
            // Nothing half stays behind; a store that cannot be asked now is cleaned up later.
            try? await upload.abort()
            throw error
        }
    }

    /// An object stands under the key: ours, if its bytes are the same, from a time before a fall.
    private func known(
        _ part: StoredPart, at key: ObjectKey, sha256: Hash256, _ error: GuardianError
    ) async throws -> ObjectReceipt {
        guard let receipt = try await archive.objects.head(key), receipt.size == part.size else { throw error }
        var hash = Digest()
        for try await piece in try await archive.objects.get(key, range: nil).pieces { hash.update(piece) }
        guard hash.value == sha256 else { throw error }
        return receipt
    }
}
