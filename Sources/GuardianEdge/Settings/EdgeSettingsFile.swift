import Foundation
import GuardianCore
import GuardianOperations
import GuardianStorage

/// The file of what an owner set at run time: JSON in the state folder, replaced as a whole, readable by this user only.
struct EdgeSettingsFile: Sendable {
    /// Bytes of a file that is read.
    private static let limit = 1 << 16
    private static let version = 1

    private struct Content: Codable {
        var version: Int
        var recording: RecordingForm
        /// Missing in files that were written before there were any.
        var recipients: [NamedRecipient]?
        /// The same.
        var archive: ArchiveForm?
        /// The same.
        var relay: String?
    }

    let path: String

    /// Reads the file. One that is damaged, of a newer version, or with a value that is not allowed is set aside as a whole.
    func load(at time: Timestamp) -> (settings: StoredSettings, wasDamaged: Bool) {
        guard FileManager.default.fileExists(atPath: path) else { return (StoredSettings(), false) }
        if let settings = read() { return (settings, false) }
        rename(path, SetAside.path(of: path, at: time))
        return (StoredSettings(), true)
    }

    private func read() -> StoredSettings? {
        guard let handle = FileHandle(forReadingAtPath: path),
            let bytes = try? handle.read(upToCount: Self.limit + 1), bytes.count <= Self.limit,
            let content = try? JSONDecoder().decode(Content.self, from: bytes), content.version == Self.version,
            (try? content.recording.check()) != nil, (try? (content.archive ?? ArchiveForm()).check()) != nil
        else { return nil }
        let recipients = content.recipients ?? []
        guard recipients.count <= EdgeSettingsStore.mostRecipients,
            Set(recipients.map(\.recipient.keyID)).count == recipients.count
        else { return nil }
        return StoredSettings(
            recording: content.recording, recipients: recipients, archive: content.archive ?? ArchiveForm(),
            relay: content.relay)
    }

    /// - Throws: `resourceExhausted` when it cannot be written; then it is as it was.
    func save(_ settings: StoredSettings) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try Durability.replace(
                path,
                with: encoder.encode(
                    Content(
                        version: Self.version, recording: settings.recording,
                        recipients: settings.recipients.isEmpty ? nil : settings.recipients,
                        archive: settings.archive.names.isEmpty ? nil : settings.archive,
                        relay: settings.relay)))
        } catch {
            throw GuardianError(
                .resourceExhausted, "\(path) cannot be written, so nothing was changed: make room on the disk.",
                cause: error)
        }
    }
}
