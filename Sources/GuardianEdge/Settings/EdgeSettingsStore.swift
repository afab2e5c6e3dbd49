import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianStorage
import Logging
import Synchronization

/// The one owner of the settings that an owner changes at run time: every change goes through it, and is on the disk before it
/// counts. Who needs a setting reads it here at each use.
package actor EdgeSettingsStore {
    /// How much of the disk may be kept free: the rest has to hold clips.
    private static let mostKeptFree = 0.9

    private let executor = QueueExecutor(label: "settings")
    private let file: EdgeSettingsFile
    /// What the configuration file sets. It holds, whatever is stored.
    package nonisolated let fixed: RecordingForm
    /// The recipients of the configuration file.
    package nonisolated let fixedRecipients: [NamedRecipient]
    /// What the configuration file says of what is archived.
    package nonisolated let fixedArchive: ArchiveForm
    /// Whether the configuration file lets the node fetch recordings; `nil`: it does not say.
    package nonisolated let fixedRelay: Bool?
    /// The node that the edge sends to, `HOST:PORT`.
    nonisolated let node: String?
    /// Rises with each change of whether the node may fetch recordings.
    nonisolated let relayChanges = Watermark(0)
    /// Rises with each change of the recipients.
    package nonisolated let recipientChanges = Watermark(0)
    nonisolated let stored: Mutex<StoredSettings>
    let clock: any WallClock

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Reads what was stored. A file that is damaged is set aside, and the usual values hold in place of it.
    ///
    /// - Parameters:
    ///   - path: of the file; it need not exist.
    ///   - fixed: what the configuration file sets.
    ///   - fixedRecipients: those that the configuration file has.
    ///   - fixedArchive: what the configuration file says of what is archived.
    ///   - fixedRelay: whether it lets the node fetch recordings.
    ///   - node: the node that the edge sends to, `HOST:PORT`.
    package init(
        path: String, fixed: RecordingForm, fixedRecipients: [NamedRecipient] = [],
        fixedArchive: ArchiveForm = ArchiveForm(), fixedRelay: Bool? = nil, node: String? = nil,
        clock: any WallClock, logger: Logger
    ) {
        file = EdgeSettingsFile(path: path)
        self.fixed = fixed
        self.fixedRecipients = fixedRecipients
        self.fixedArchive = fixedArchive
        self.fixedRelay = fixedRelay
        self.node = node
        self.clock = clock
        let (settings, wasDamaged) = file.load(at: clock.now())
        if wasDamaged { logger.error("settings damaged and set aside", metadata: ["path": "\(path)"]) }
        stored = Mutex(settings)
    }

    /// How everything is recorded now.
    package nonisolated var recording: EdgeConfiguration.RecordingConfiguration {
        .init(form: fixed.over(stored.withLock { $0.recording }))
    }

    /// Changes what `form` says; the rest stays.
    ///
    /// - Parameters:
    ///   - capacity: bytes of the clips' disk; `nil` while they are not known.
    ///   - record: is told what is about to be changed, before it is; not called when nothing is.
    /// - Throws: `invalidArgument` whose context names the field, `resourceExhausted` when the change cannot be written, and what
    ///   `record` throws; then nothing has changed.
    package func change(
        _ form: RecordingForm, capacity: Int64?,
        record: @Sendable (_ changed: [RecordingSetting]) async throws -> Void
    ) async throws {
        try form.check()
        let changed = form.differences(from: recording)
        // Who sends everything back that was read may do so.
        if let setting = changed.first(where: fixed.says) {
            throw RecordingForm.refusal(
                setting, "The configuration file sets this: change it there, and restart Guardian.")
        }
        if changed.contains(.keepFreeMegabytes), let capacity,
            let kept = form.value(of: .keepFreeMegabytes).number,
            Double(kept) * 1_048_576 > Double(capacity) * Self.mostKeptFree
        {
            // The page counts in GB, and the API in MiB.
            let most = Int64(Double(capacity) * Self.mostKeptFree)
            throw RecordingForm.refusal(
                .keepFreeMegabytes,
                "This leaves less than a tenth of the disk for clips: at most "
                    + "\(most / 1_000_000_000).\(most / 100_000_000 % 10) GB (\(most >> 20) MiB) can stay free.")
        }
        guard !changed.isEmpty else { return }
        try await record(changed)
        // Another change may have been made meanwhile.
        try save { $0.recording = form.apart(from: fixed).over($0.recording) }
    }

    /// - Throws: `resourceExhausted` when the change cannot be written; then nothing has changed.
    func save(_ change: (inout StoredSettings) -> Void) throws {
        var after = stored.withLock { $0 }
        change(&after)
        try file.save(after)
        stored.withLock { $0 = after }
    }

    /// What is wrong with the settings.
    package nonisolated var problems: [FindingView] {
        SetAside.found(of: file.path).map { path in
            FindingView(
                what: "The settings were damaged and were set aside; the usual ones hold.", where: path,
                severity: .error,
                remedy: "Look at the page Settings, set again what differs from that file, "
                    + "also who can open the archive, and move the file away.")
        }
    }
}
