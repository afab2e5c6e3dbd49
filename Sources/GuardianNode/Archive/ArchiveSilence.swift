import GuardianCore
import Logging
import ServiceLifecycle

/// Ends parts of which nothing comes any more: the recorder is gone, and what came of its clip is to be stored now.
struct ArchiveSilence: Service {
    let archive: TenantArchive
    /// How long an edge may be silent about a part before the node ends it.
    let patience: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await endSilentParts() } catch {
                    archive.logger.error("silent parts could not be ended", metadata: ["reason": "\(error)"])
                }
                try? await Task.sleep(for: min(.seconds(1), patience / 4))
            }
        }
    }

    func endSilentParts() async throws {
        for part in try await archive.ledger.parts(in: .uploading, limit: 1_000)
        where archive.presence.silence(of: part.name) >= patience {
            // Whoever still holds a stream for it is told that it ended.
            _ = archive.presence.enter(part.name)
            do { try await end(part) } catch let error as GuardianError where error.code != .aborted {
                // One that cannot be ended, its spool being damaged, does not keep the others.
                guard part.reason != error.message else { continue }
                archive.logger.error(
                    "a silent part cannot be ended", metadata: ["part": "\(part.name)", "reason": "\(error)"])
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
        } else {
            try await archive.ledger.seal(part, size: size, interrupted: true)
            archive.logger.notice("a part was interrupted", metadata: ["part": "\(part.name)", "size": "\(size)"])
        }
        archive.news.partIsDue()
    }
}
