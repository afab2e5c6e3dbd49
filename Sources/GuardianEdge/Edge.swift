import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle

/// The recorder: cameras → events → journal → node, and the web UI. Creates the components and connects them.
public struct Edge: Sendable {
    private let configuration: EdgeConfiguration
    private let logger: Logger
    private let clock: any WallClock

    public init(_ configuration: EdgeConfiguration, clock: any WallClock = SystemClock(), logger: Logger) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
    }

    /// Runs until the process is told to end.
    ///
    /// - Throws: `GuardianError` when it cannot start because of the state folder, the device key, the port or the
    ///   certificates.
    public func run() async throws {
        let startedAt = clock.now()
        let folder = try StateFolder(path: configuration.state)
        let metrics = MetricsRegistry()
        let deviceKey = try DeviceKey.open(path: folder.deviceKey)
        let journal = try Journal(
            path: folder.database, key: deviceKey,
            options: Journal.Options(outbox: configuration.node != nil), clock: clock)
        let store = ClipStore(
            folder: folder.clips, keepFree: configuration.recording.keepFree, clock: clock, logger: logger)
        let heartbeat = Heartbeat(path: folder.heartbeat, clock: clock)
        try await Recovery(journal: journal, store: store, clock: clock, logger: logger)
            .run(lastBeat: heartbeat.lastBeat())

        let link = try InferenceLink(place: configuration.inference.place, clock: clock, logger: logger)
        let child = try inferenceChild(folder)
        let stations = try stations(folder: folder, journal: journal, store: store, link: link)
        let delivery = delivery(journal: journal, metrics: metrics)
        let archive = try archive(
            folder: folder, stations: stations, deviceKey: deviceKey, journal: journal, store: store,
            delivery: delivery, metrics: metrics)
        store.setRetention(.journal(journal, archive: archive?.ledger, clock: clock))
        let status = EdgeStatus(
            startedAt: startedAt, stations: stations, store: store, journal: journal, delivery: delivery,
            archive: archive,
            link: link, child: child, clock: clock)
        EdgeMetrics.register(
            in: metrics, stations: stations, store: store, journal: journal, link: link, delivery: delivery,
            child: child)
        let archiveLink = try configuration.node.map { node in
            try ArchiveLink(host: node.host, port: node.port, credentials: node.credentials)
        }
        let web = try EdgeAPI.server(
            sources(
                stations: stations, journal: journal, store: store, folder: folder, status: status, archive: archive,
                reading: archiveLink?.reading(cameras: names(of: stations))),
            address: configuration.web, pages: try WebUI.bundled(), metrics: metrics, logger: logger)

        // Shut down in reverse order: cameras stop first, so that their last entries reach the journal and the node.
        var services: [any Service] = [JournalEnd(journal: journal, clock: clock), heartbeat]
        if let delivery { services.append(delivery) }
        if let archive { services += archive.services }
        if let archiveLink { services.append(archiveLink) }
        services += [web, link] as [any Service]
        if let child {
            services.append(child)
            services.append(InferenceRestart(link: link, logger: logger) { child.restart() })
        }
        services += [StoreCoverage(store: store, journal: journal, logger: logger), store] as [any Service]
        services += stations.flatMap(\.services)
        if let parent = ParentWatch(logger: logger) { services.append(parent) }
        try await ProcessRuntime.run(services, logger: logger)
    }

    private func inferenceChild(_ folder: StateFolder) throws -> SupervisedProcess? {
        guard case .child(let socket) = configuration.inference.place else { return nil }
        return try InferenceChild.supervised(
            socket: socket, configuration: configuration.inference, folder: folder, logger: logger)
    }

    private func stations(
        folder: StateFolder, journal: Journal, store: ClipStore, link: InferenceLink
    ) throws -> [CameraStation] {
        var register = try CameraRegister(path: folder.cameras)
        return try configuration.cameras.map { camera in
            try CameraStation(
                camera, id: try register.identify(camera.alias, at: clock.now()), configuration: configuration,
                journal: journal, store: store, snapshots: SnapshotStore(folder: folder.snapshots), link: link,
                clock: clock, logger: logger)
        }
    }

    private func delivery(journal: Journal, metrics: MetricsRegistry) -> Delivery? {
        configuration.node.map { node in
            Delivery(
                journal: journal,
                settings: DeliverySettings(host: node.host, port: node.port, credentials: node.credentials),
                metrics: metrics, logger: logger, clock: clock)
        }
    }

    private func archive(
        folder: StateFolder, stations: [CameraStation], deviceKey: DeviceKey, journal: Journal, store: ClipStore,
        delivery: Delivery?, metrics: MetricsRegistry
    ) throws -> EdgeArchive? {
        guard let archive = configuration.archive, let node = configuration.node else { return nil }
        let cameras = stations.map { ($0.session.identity.alias, $0.session.identity.id) }
        return try EdgeArchive(
            archive, node: node, folder: folder, cameras: Dictionary(cameras, uniquingKeysWith: { first, _ in first }),
            deviceKey: deviceKey, journal: journal, store: store, delivery: delivery, metrics: metrics, clock: clock,
            logger: logger)
    }

    private func names(of stations: [CameraStation]) -> CameraNames {
        let cameras = stations.map { ($0.session.identity.id, $0.session.identity.alias) }
        return CameraNames(Dictionary(cameras, uniquingKeysWith: { first, _ in first }))
    }

    private func sources(
        stations: [CameraStation], journal: Journal, store: ClipStore, folder: StateFolder, status: EdgeStatus,
        archive: EdgeArchive?, reading: ArchiveReading?
    ) -> EdgeSources {
        let snapshots = SnapshotStore(folder: folder.snapshots)
        return EdgeSources(
            journal: journal, cameras: stations.map(\.source),
            clipFile: { clip in
                let extent = try store.extent(of: clip.id, camera: clip.camera)
                return ClipFileExtent(path: extent.path, length: extent.length)
            },
            snapshotFile: { event, snapshot in snapshots.path(of: snapshot, event: event.id) },
            status: { try await status.view() },
            readiness: { status.readiness },
            archiving: archive.map { archive in
                { @Sendable clips in try await archive.states(of: clips) }
            }, archive: reading, clock: clock)
    }
}
