import GuardianArchive
import GuardianCore

extension EdgeSettingsStore {
    /// Recipients in all, from which on none is added: each opens everything, and each makes every sealed file longer.
    package static let mostRecipients = 8

    /// Who can open what is sealed from now on: those of the configuration file, then those that were added.
    package nonisolated var recipients: [NamedRecipient] {
        let added = stored.withLock { $0.recipients }
        return fixedRecipients + added.filter { one in !fixedRecipients.contains { $0.recipient == one.recipient } }
    }

    /// Adds somebody who can open what is sealed from then on.
    ///
    /// - Parameters:
    ///   - line: the recipient's line, as `guardian keys show` and the page write it.
    ///   - name: whose it is, for people.
    ///   - record: is called before it is added; not called when it is refused.
    /// - Throws: `invalidArgument` whose context names the field, `alreadyExists`, `failedPrecondition` when there are eight,
    ///   `resourceExhausted` when the change cannot be written, and what `record` throws; then nothing has changed.
    package func addRecipient(
        _ line: String, name: String, record: @Sendable (NamedRecipient) async throws -> Void
    ) async throws -> NamedRecipient {
        let added = NamedRecipient(
            try NamedRecipient.recipient(line), name: try NamedRecipient.name(name), addedAt: clock.now())
        try requireRoom(for: added)
        try await record(added)
        // Another one may have been added meanwhile.
        try requireRoom(for: added)
        try save { $0.recipients.append(added) }
        recipientChanges.increment()
        return added
    }

    /// Ends sealing to somebody. What is sealed already stays readable for them.
    ///
    /// - Parameter record: is called before it is removed; not called when it is refused.
    /// - Throws: `notFound`, `failedPrecondition` for one of the configuration file, `resourceExhausted` when the change cannot be
    ///   written, and what `record` throws; then nothing has changed.
    package func removeRecipient(
        _ id: RecipientKeyID, record: @Sendable (NamedRecipient) async throws -> Void
    ) async throws {
        guard let removed = recipients.first(where: { $0.recipient.keyID == id }) else {
            throw GuardianError(
                .notFound, "There is no recipient \(id). GET /api/v1/config/recipients lists them.")
        }
        guard !removed.isFixed else {
            throw GuardianError(
                .failedPrecondition,
                "The configuration file has this recipient (archive): remove it there, and restart Guardian.")
        }
        try await record(removed)
        try save { $0.recipients.removeAll { $0.recipient.keyID == id } }
        recipientChanges.increment()
    }

    private func requireRoom(for added: NamedRecipient) throws {
        let recipients = recipients
        if let known = recipients.first(where: { $0.recipient.keyID == added.recipient.keyID }) {
            throw GuardianError(
                .alreadyExists, "Clips are sealed to this code already\(known.name.map { ", as \($0)" } ?? "").",
                context: ["field": "key"])
        }
        guard recipients.count < Self.mostRecipients else {
            throw GuardianError(
                .failedPrecondition,
                "Clips are sealed to at most \(Self.mostRecipients) codes: stop sealing to one of them first.")
        }
    }
}
