import GuardianArchive
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle

/// Connects the edge's archive services, and reports their state.
package struct EdgeArchive: Sendable {
    package let ledger: ArchiveLedger
    private let intent: ArchiveIntent
    private let archiver: Archiver
    private let pictures: PictureArchiver
    let damage: DamageGuard

    /// Opens the archive's ledger, after setting a damaged one aside.
    ///
    /// - Throws: what opening the ledger's file throws.
    static func open(
        _ archive: ArchiveConfiguration, node: NodeTarget, state: EdgeState,
        cameras: @escaping @Sendable () -> [CameraAlias: CameraID], delivery: Delivery?, metrics: MetricsRegistry,
        clock: any WallClock, logger: Logger
    ) async throws -> EdgeArchive {
        try await DamagedDatabase.replacing(state.folder.archiveDatabase, clock: clock, logger: logger) {
            let made = try EdgeArchive(
                archive, recipients: { state.settings.recipients.map(\.recipient) },
                rules: { state.settings.archive }, node: node, folder: state.folder, cameras: cameras(),
                deviceKey: state.deviceKey,
                journal: state.journal, store: state.store, snapshots: state.snapshots, delivery: delivery,
                metrics: metrics, clock: clock, logger: logger)
            // Reads enough to notice most damage at once.
            _ = try await made.ledger.unarchivedCount()
            return made
        }.0
    }

    /// - Parameters:
    ///   - recipients: read at each use; `nil`: those of the configuration.
    ///   - rules: what an owner chose, with what the configuration says; read at each use; `nil`: the configuration's alone.
    ///   - cameras: UUIDs of all cameras by alias; read at each use, so that cameras may come and go.
    ///   - delivery: its `welcomes` show that the node is reachable again.
    /// - Throws: what opening the ledger's file throws.
    package init(
        _ archive: ArchiveConfiguration, recipients: (@Sendable () -> [Recipient])? = nil,
        rules: (@Sendable () -> ArchiveForm)? = nil, node: NodeTarget, folder: StateFolder,
        cameras: @escaping @autoclosure @Sendable () -> [CameraAlias: CameraID], deviceKey: DeviceKey, journal: Journal,
        store: ClipStore, snapshots: SnapshotStore,
        delivery: Delivery?, metrics: MetricsRegistry, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) throws {
        ledger = try ArchiveLedger(path: folder.archiveDatabase, clock: clock)
        damage = DamageGuard(
            path: folder.archiveDatabase, reserve: DiskReserve(path: folder.reserve),
            damage: { [ledger] in ledger.store.damageFound }, monotonic: monotonic, logger: logger
        ) { throw GuardianError(.dataLoss, "The archive's database is damaged; a new one begins.") }
        let recipients = recipients ?? { archive.recipients }
        let rules = rules ?? { archive.form }
        let policy: @Sendable () -> ArchivePolicy? = {
            // Nobody could open it.
            guard !recipients().isEmpty else { return nil }
            let ids = cameras()
            return ArchivePolicy(
                cameras: rules().cameras?.value.map { Set($0.compactMap { ids[$0] }) },
                labels: archive.labels.isEmpty ? nil : archive.labels, confidence: archive.confidence,
                schedule: archive.schedule)
        }
        intent = ArchiveIntent(journal: journal, ledger: ledger, policy: policy(), monotonic: monotonic, logger: logger)
        var settings = ArchiveSettings(recipients: recipients(), deviceKey: deviceKey, node: node)
        settings.retryAfter = archive.retryAfter
        settings.bandwidth = {
            var plan = archive.bandwidth
            if let chosen = rules().kilobits { plan.limit = chosen.value.map { $0 * BandwidthPlan.kilobit } }
            return plan
        }
        archiver = Archiver(
            ledger: ledger, store: store, journal: journal, settings: settings,
            folder: folder.archiveMarks, metrics: metrics, welcomes: delivery?.welcomes, clock: clock,
            monotonic: monotonic, logger: logger)
        pictures = PictureArchiver(
            ledger: ledger, catalogue: journal.catalogue, snapshots: snapshots,
            settings: settings, folder: folder.archiveMarks, connection: archiver.connection, uplink: archiver.uplink,
            clock: clock, monotonic: monotonic, logger: logger)
    }

    /// Returns the state of each clip that the ledger knows; waiting clips have the reason why.
    func states(of clips: [ClipID]) async throws -> [ClipID: LedgerClip] {
        var states = try await ledger.states(of: clips)
        guard let reason = archiver.reasonToWait else { return states }
        for (clip, state) in states where state.state == .waiting { states[clip]?.reason = state.reason ?? reason }
        return states
    }

    /// Returns what the status shows of the archive.
    func view() async throws -> ArchiveUplinkView {
        let leaving = archiver.leaving
        let waiting = max(0, try await ledger.unarchivedCount() - leaving)
        let allowance = archiver.uplink.allowance
        return ArchiveUplinkView(
            configured: true, leaving: leaving, waiting: waiting, limit: allowance.limit.map { $0 * 8 },
            waitsUntil: allowance.backlogWaitsUntil, lastStoredAt: archiver.uplink.progress.storedAt)
    }

    /// The time since the node last stored bytes of what is being archived; zero while nothing is.
    var storedAge: Duration { archiver.uplink.progress.age }

    /// Passes over what is in the journal already: only what happens from now on is archived.
    ///
    /// - Throws: what writing the ledger throws.
    func beginNow(_ journal: Journal) async throws { try await ledger.want([], throughPosition: journal.position) }

    /// The services in the order of their start; they are shut down in reverse order.
    package var services: [any Service] { [LedgerEnd(ledger: ledger), archiver, pictures, intent, damage] }
}

/// Closes the ledger's file. It is the first service, so it is shut down after all services that write to the ledger.
private struct LedgerEnd: Service {
    let ledger: ArchiveLedger

    func run() async throws {
        try? await gracefulShutdown()
        try ledger.close()
    }
}
