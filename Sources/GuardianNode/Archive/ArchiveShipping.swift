import GuardianCore
import GuardianOperations
import Logging
import ServiceLifecycle

/// Brings parts from the spool to the object store, while they still grow and until the store has them, again and again.
///
/// The spool's file goes after the table says that the part is stored: a fall in between stores nothing twice, since the
/// object that stands already is known by its bytes.
struct ArchiveShipping: Service {
    let archive: TenantArchive
    let backoff: Backoff

    /// Parts under way at once.
    private static let slots = 4
    /// A growing part goes there when it has so many bytes more than the store.
    private static let piece: Int64 = 5 << 20

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let slots = UploadSlots(limit: Self.slots)
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let seen = archive.news.due.value
                    do {
                        if slots.enterCleaning() {
                            group.addTask {
                                let isDone = await abortAbandoned()
                                if slots.leaveCleaning(isDone: isDone) { archive.news.due.increment() }
                            }
                        }
                        for part in try await archive.ledger.due(piece: Self.piece) where slots.enter(part) {
                            group.addTask { await bring(part, slots) }
                        }
                    } catch {
                        slots.pause(for: .seconds(1))
                        if !Task.isCancelled {
                            archive.logger.error(
                                "parts cannot be brought to the store", metadata: ["reason": "\(error)"])
                        }
                    }
                    await news(beyond: seen, until: slots.next)
                }
                group.cancelAll()
            }
        }
    }

    private func bring(_ part: StoredPart, _ slots: UploadSlots) async {
        defer { archive.news.due.increment() }
        do {
            // Since the list was read it may have been stored, and its file be gone.
            guard let now = try await archive.ledger.part(part.name), now.row == part.row, now.state == part.state
            else { return slots.leave(part, isStored: true) }
            let stored = try await archive.uploads.upload(of: part, in: archive).bring(part)
            if let (receipt, sha256) = stored {
                try await archive.ledger.store(part, receipt: receipt, sha256: sha256)
                archive.spool.remove(part.name)
                archive.presence.forget(part.name)
                archive.uploads.forget(part)
                archive.news.partWasSettled()
                archive.logger.info(
                    "a part is stored",
                    metadata: [
                        "part": "\(part.name)", "size": "\(receipt.size)", "interrupted": "\(part.isInterrupted)",
                    ])
            }
            slots.leave(part, isStored: stored != nil)
        } catch {
            // One part that the store will not have does not hold up the others.
            slots.leave(part.row, failed: backoff)
            guard !Task.isCancelled, (error as? GuardianError)?.code != .aborted else { return }
            let reason = (error as? GuardianError)?.message ?? "\(error)"
            guard part.reason != reason else { return }
            archive.logger.warning(
                "a part waits for the store", metadata: ["part": "\(part.name)", "reason": "\(error)"])
            try? await archive.ledger.note(reason, of: part)
        }
    }

    /// - Returns: whether all of them are gone.
    private func abortAbandoned() async -> Bool {
        var isDone = true
        do {
            for ticket in try await archive.ledger.abandoned() {
                do { try await archive.objects.resume(ticket).abort() } catch let error as GuardianError
                    where error.code == .notFound || error.code == .alreadyExists
                {} catch {
                    isDone = false
                    continue
                }
                try await archive.ledger.forget(ticket)
            }
        } catch { return false }
        return isDone
    }

    /// Returns when there is something new to do, or a part that failed may be tried again.
    private func news(beyond seen: Int64, until next: ContinuousClock.Instant?) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await archive.news.due.wait(beyond: seen) }
            if let next { group.addTask { try? await Task.sleep(until: next, clock: .continuous) } }
            await group.next()
            group.cancelAll()
        }
    }
}
