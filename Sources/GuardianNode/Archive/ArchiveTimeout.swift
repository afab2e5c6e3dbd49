import GuardianCore
import Logging
import ServiceLifecycle

/// Ends parts for which no more bytes arrive: their edge is gone, and what arrived of the clip is to be stored now.
struct ArchiveTimeout: Service {
    let archive: TenantArchive
    /// How long an edge may send nothing of a part before the node ends the part.
    let timeout: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await endSilentParts() } catch is CancellationError {
                    return
                } catch {
                    archive.logger.error("ending silent parts failed, retrying", metadata: ["reason": "\(error)"])
                }
                try? await archive.monotonic.sleep(for: min(.seconds(1), timeout / 4))
            }
        }
    }

    func endSilentParts() async throws {
        guard try await archive.spoolPlace.absence() == nil else { return }
        for part in try await archive.ledger.parts(in: .uploading, limit: 1_000)
        where archive.senders.idleTime(of: part.sender) >= timeout {
            // A stream that is still open for the part fails with `aborted`.
            _ = archive.senders.register(part.sender)
            do { try await end(part) } catch let error as GuardianError where error.code != .aborted {
                // A part that cannot be ended, such as one with a damaged spool file, does not block the others.
                guard part.reason != error.message else { continue }
                archive.logger.error(
                    "silent part cannot be ended", metadata: ["part": "\(part.name)", "reason": "\(error)"])
                try await archive.ledger.note(error.message, of: part)
            } catch is GuardianError {
                continue
            }
        }
    }

    private func end(_ part: StoredPart) async throws {
        let size = try await archive.wholeLength(of: part)
        if size == 0 {
            archive.spool.remove(part.name)
            try await archive.ledger.forget(part)
            archive.senders.forget(part.sender)
            archive.uploads.forget(part)
        } else {
            try await archive.ledger.seal(part, size: size, interrupted: true)
            archive.logger.notice("part interrupted", metadata: ["part": "\(part.name)", "size": "\(size)"])
        }
        archive.signals.partIsDue()
    }
}
