import GuardianArchive
import GuardianCore
import GuardianOperations
import Logging
import ServiceLifecycle

/// Moves parts from the spool to the object store: growing parts piece by piece, each part until it is stored. Failed
/// uploads are retried.
///
/// The spool file is removed after the table says that the part is stored. A crash in between stores nothing twice: the
/// object that exists already is recognised by its bytes.
struct ArchiveShipping: Service {
    let archive: TenantArchive
    let backoff: Backoff

    /// Parts that are uploaded at the same time.
    private static let slots = 4
    /// A growing part is uploaded when the spool has this many bytes more than the store.
    private static let piece: Int64 = 5 << 20

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let slots = UploadSlots(limit: Self.slots, monotonic: archive.monotonic)
            await withDiscardingTaskGroup { group in
                group.addTask {
                    var returns: Int64 = 0
                    while (try? await archive.signals.returned.wait(beyond: returns)) != nil {
                        returns = archive.signals.returned.value
                        slots.retryAll()
                        archive.signals.partIsDue()
                    }
                }
                while !Task.isCancelled {
                    let seen = archive.signals.due.value
                    do {
                        if slots.beginCleaning() {
                            group.addTask {
                                let isDone = await abortAbandoned()
                                if slots.endCleaning(isDone: isDone) { archive.signals.due.increment() }
                            }
                        }
                        let due = try await archive.ledger.due(piece: Self.piece)
                        slots.keep(only: Set(due.map(\.row)))
                        if due.isEmpty { archive.storeHealth.noteNoFailure() }
                        for part in due where slots.acquire(part) {
                            group.addTask { await ship(part, slots) }
                        }
                    } catch {
                        slots.pause(for: .seconds(1))
                        if !Task.isCancelled {
                            archive.logger.error("shipping failed, retrying", metadata: ["reason": "\(error)"])
                        }
                    }
                    await waitForWork(beyond: seen, until: slots.nextRetry)
                }
                group.cancelAll()
            }
        }
    }

    private func ship(_ part: StoredPart, _ slots: UploadSlots) async {
        defer { archive.signals.due.increment() }
        do {
            // The part may have been stored, and its spool file removed, since the list was read.
            guard let current = try await archive.ledger.part(part.name), current.row == part.row,
                current.state == part.state
            else { return slots.release(part, isStored: true) }
            let bucket = archive.layout.key(of: part.name.object, camera: part.camera).bucket
            guard try await archive.absence(for: bucket) == nil else {
                slots.release(part.row, failed: backoff)
                return
            }
            let stored = try await archive.uploads.upload(of: part, in: archive).ship(part)
            archive.storeHealth.noteNoFailure()
            if let (receipt, sha256) = stored {
                // Otherwise it may be on the disk below the one that was unmounted meanwhile.
                try await archive.places.require(bucket)
                try await archive.ledger.store(part, receipt: receipt, sha256: sha256)
                archive.spool.remove(part.name)
                archive.senders.forget(part.sender)
                archive.uploads.forget(part)
                archive.signals.partWasSettled()
                archive.logger.info(
                    "part stored",
                    metadata: [
                        "part": "\(part.name)", "size": "\(receipt.size)", "interrupted": "\(part.isInterrupted)",
                    ])
            }
            slots.release(part, isStored: stored != nil)
        } catch {
            // A part that fails does not delay the others.
            let failures = slots.release(part.row, failed: backoff)
            guard !Task.isCancelled, (error as? GuardianError)?.code != .aborted else { return }
            let reason = (error as? GuardianError)?.message ?? "\(error)"
            if let fate = Fate(error) {
                if part.state == .sealed, failures >= Self.hopelessAfter {
                    slots.forget(part.row)
                    return await settle(part, fate, because: reason)
                }
            } else {
                archive.storeHealth.noteFailure(reason)
            }
            guard part.reason != reason else { return }
            archive.logger.warning(
                "part could not be shipped, retrying", metadata: ["part": "\(part.name)", "reason": "\(error)"])
            try? await archive.ledger.note(reason, of: part)
        }
    }

    /// Failures in a row after which an error that repeats by its nature is believed.
    private static let hopelessAfter = 8

    /// What becomes of a part that can never be shipped.
    private enum Fate {
        /// The store does not take it.
        case stuck(StoredPart.Stuck)
        /// The spool has lost its bytes.
        case lost

        /// `nil` for errors that may pass, or that a person can mend without touching the part: keys, rights, room.
        init?(_ error: any Error) {
            switch (error as? GuardianError)?.code {
            case .dataLoss: self = .lost
            case .alreadyExists: self = .stuck(.forGood)
            case .invalidArgument, .outOfRange, .unimplemented: self = .stuck(.refused)
            default: return nil
            }
        }
    }

    /// Takes a part out of the queue, with its reason.
    private func settle(_ part: StoredPart, _ fate: Fate, because reason: String) async {
        archive.logger.error("part cannot be shipped", metadata: ["part": "\(part.name)", "reason": "\(reason)"])
        switch fate {
        case .stuck(let why): try? await archive.ledger.giveUp(part, as: why, because: reason)
        case .lost:
            try? await archive.ledger.lose(part, because: reason)
            archive.spool.remove(part.name)
            archive.uploads.forget(part)
            archive.senders.forget(part.sender)
        }
        archive.signals.partWasSettled()
    }

    /// Aborts the uploads of parts that were refused or removed.
    ///
    /// - Returns: whether all of them are aborted.
    private func abortAbandoned() async -> Bool {
        var isDone = true
        var last: UploadTicket?
        do {
            while !Task.isCancelled {
                let tickets = try await archive.ledger.abandoned(after: last)
                guard let end = tickets.last else { return isDone }
                for ticket in tickets where try await !abort(ticket) { isDone = false }
                last = end
            }
            return false
        } catch { return false }
    }

    /// - Returns: `false` when it must be tried again.
    private func abort(_ ticket: UploadTicket) async throws -> Bool {
        do {
            guard try await archive.places.absence(of: ticket.key.bucket) == nil else { return false }
            try await archive.objects.resume(ticket).abort()
        } catch let error as GuardianError where error.code == .notFound || error.code == .alreadyExists {
        } catch let error as GuardianError where !error.isRetryable {
            // Upkeep removes it with the uploads that no row names, as soon as the store allows it.
            archive.logger.warning(
                "abandoned upload cannot be aborted", metadata: ["key": "\(ticket.key)", "reason": "\(error)"])
        } catch { return false }
        try await archive.ledger.forget(ticket)
        return true
    }

    /// Waits until there is new work, or a retry is due.
    private func waitForWork(beyond seen: Int64, until next: ContinuousClock.Instant?) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await archive.signals.due.wait(beyond: seen) }
            if let next { group.addTask { try? await archive.monotonic.sleep(until: next) } }
            await group.next()
            group.cancelAll()
        }
    }
}
