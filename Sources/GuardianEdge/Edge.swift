import Foundation
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle

/// The recorder: cameras → events → journal → node, and the web UI. Creates the components and connects them.
///
/// Recording needs the cameras, the state folder and a disk. Everything else is a supervised component: it may fail to start, it
/// is tried again, and the System page shows why it does not run.
public struct Edge: Sendable {
    private let configuration: EdgeConfiguration
    private let logger: Logger
    private let clock: any WallClock
    private let onSetupLink: @Sendable (SetupLink) -> Void

    /// - Parameter onSetupLink: called at the first start with the link that makes the first owner; it is logged as well.
    public init(
        _ configuration: EdgeConfiguration, clock: any WallClock = SystemClock(), logger: Logger,
        onSetupLink: @escaping @Sendable (SetupLink) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.onSetupLink = onSetupLink
    }

    /// How a run ended.
    public enum Ending: Sendable {
        case asked
        /// The program is to be started again, and nobody told the process to end: the database was found damaged, which the start sets
        /// aside, or the edge belongs to another node.
        case startAgain
    }

    /// Runs until the process is told to end, or is to be started again.
    ///
    /// - Throws: `GuardianError` when it cannot record because of the state folder, the device key or the database.
    public func run() async throws -> Ending {
        let startedAt = clock.now()
        for refused in configuration.refusals {
            logger.error(
                "configuration section refused, left out",
                metadata: ["section": "\(refused.name)", "reason": "\(refused.error.message)"])
        }
        let metrics = MetricsRegistry()
        LibraryMetrics.install(metrics)
        let state = try await EdgeState.open(configuration, clock: clock, logger: logger)
        let link = InferenceLink(place: configuration.inference.place, clock: clock, logger: logger)
        let cameras = try cameras(state: state, link: link)
        let components = EdgeComponents(
            configuration, state: state, cameras: cameras, link: link, metrics: metrics, clock: clock, logger: logger)
        state.store.setRetention(
            .journal(
                state.journal, archive: components.archive.map { slot in { @Sendable in slot.value?.ledger } },
                isArchiving: { [configuration] in
                    components.archive?.value != nil || !state.settings.recipients.isEmpty
                        || configuration.refuses(.archive)
                },
                snapshots: state.snapshots, clock: clock))
        let ending = ProcessEnding()
        let restart = RestartOnRequest { ending.startAgain() }
        let membership = NodeMembership(
            configuration,
            enrolment: { files in .ofThisHost(key: state.deviceKey, files: files, logger: logger) }, logger: logger
        ) { restart.request() }
        let damage = DamageGuard(
            path: state.folder.database, reserve: DiskReserve(path: state.folder.reserve),
            damage: { state.journal.store.damageFound }, monotonic: SystemMonotonicClock(), logger: logger
        ) { ending.startAgain() }
        let status = EdgeStatus(
            startedAt: startedAt, cameras: { cameras.entries }, store: state.store, journal: state.journal,
            delivery: components.delivery, archive: components.archive.map { slot in { @Sendable in slot.value } },
            link: link,
            supervision: EdgeStatus.Supervision(
                state: state, components: components, cameras: cameras, damage: damage,
                refusals: configuration.refusals), clock: clock)
        EdgeMetrics.register(
            in: metrics, cameras: { cameras.entries }, store: state.store, journal: state.journal, link: link,
            delivery: components.delivery, restarts: { components.child.value?.state.restarts ?? 0 },
            components: { components.states }, oldestClip: { state.expiry.oldest }, refusals: configuration.refusals,
            certificates: { components.certificateEnds })
        let sources = EdgeSources(
            state: state, cameras: cameras, status: status, components: components, membership: membership,
            clock: clock, logger: logger)
        let web = components.web(sources, metrics: metrics, onSetupLink: onSetupLink)
        let relay = components.relay(sources, settings: state.settings)

        // Shut down in reverse order: cameras stop first, so that their last entries reach the journal and the node.
        let measuring = components.measuring({ try await status.view() }, cameras: { cameras.entries })
        var services =
            state.services + components.services + [relay].compactMap(\.self) + [measuring, web, link] as [any Service]
        services +=
            [StoreCoverage(store: state.store, journal: state.journal, logger: logger), state.store] as [any Service]
        services.append(cameras)
        if let parent = ParentWatch(logger: logger) { services.append(parent) }
        services += [damage, restart] as [any Service]
        defer { state.leavePlaces() }
        do { try await ProcessRuntime.run(services, ending: ending, logger: logger) } catch {
            // A damaged journal refuses its last entry.
            guard ending.isRequested else { throw error }
        }
        return ending.mustStartAgain ? .startAgain : .asked
    }

    /// Returns the cameras of the settings, into which those of the configuration were merged.
    private func cameras(state: EdgeState, link: InferenceLink) throws -> CameraRegistry {
        let settings = try CameraSettingsStore(
            state.folder, importing: configuration.importedCameras, clock: clock, logger: logger)
        return CameraRegistry(
            settings, rules: CameraAddressRules(configuration), clock: clock, logger: logger,
            picture: { keyframe, stream in
                try await SnapshotClient.picture(of: keyframe, in: stream, link: link).jpeg
            }
        ) { [configuration, clock, logger] record, gap in
            try CameraStation(
                record.camera, id: record.id, configuration: configuration, journal: state.journal, store: state.store,
                snapshots: state.snapshots, link: link, recording: { state.settings.recording }, gap: gap, clock: clock,
                logger: logger)
        } note: { [logger] coverage in
            do { try await state.journal.append([.coverage(coverage)], at: coverage.at) } catch {
                logger.error("writing coverage to the journal failed", metadata: ["reason": "\(error)"])
            }
        }
    }
}
