import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle

/// Runs the archive once somebody can open what it holds. What happened before stays on the recorder alone.
package struct ArchiveBeginning: Service {
    let settings: EdgeSettingsStore
    let journal: Journal
    /// Has the archive while it runs.
    let slot: Slot<EdgeArchive>
    let logger: Logger
    let open: @Sendable () async throws -> EdgeArchive

    package init(
        settings: EdgeSettingsStore, journal: Journal, slot: Slot<EdgeArchive>, logger: Logger,
        open: @escaping @Sendable () async throws -> EdgeArchive
    ) {
        self.settings = settings
        self.journal = journal
        self.slot = slot
        self.logger = logger
        self.open = open
    }

    /// - Throws: what opening the archive throws, and what one of its services throws.
    package func run() async throws {
        let mustWait = settings.recipients.isEmpty
        if mustWait {
            // One of an earlier attempt has ended.
            slot.value = nil
            guard await hasRecipient() else { return }
        }
        let archive = try await open()
        do { if mustWait { try await archive.beginNow(journal) } } catch {
            try? archive.ledger.close()
            throw error
        }
        if mustWait { logger.notice("archiving begins, there is a first recipient") }
        slot.value = archive
        try await ServiceBundle(archive.services, logger: logger).run()
    }

    /// Waits for the first recipient.
    ///
    /// - Returns: `false` when the process shuts down before.
    private func hasRecipient() async -> Bool {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let seen = settings.recipientChanges.value
                if !settings.recipients.isEmpty { return true }
                do { try await settings.recipientChanges.wait(beyond: seen) } catch { return false }
            }
            return false
        }
    }
}
