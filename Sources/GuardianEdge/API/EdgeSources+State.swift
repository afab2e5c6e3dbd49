import GuardianCore
import GuardianHTTP
import GuardianJournal
import Logging

extension EdgeSources {
    /// What the API of a running edge reads.
    init(
        state: EdgeState, cameras: CameraRegistry, status: EdgeStatus, components: EdgeComponents,
        membership: NodeMembership, clock: any WallClock, logger: Logger
    ) {
        let (store, snapshots) = (state.store, state.snapshots)
        self.init(
            journal: state.journal, cameras: cameras.entries.map(\.source), names: cameras.names,
            clipFile: { clip in
                let extent = try store.extent(of: clip.id, camera: clip.camera)
                return ClipFileExtent(path: extent.path, length: extent.length)
            },
            snapshotFile: { event, snapshot in snapshots.path(of: snapshot, event: event.id) },
            status: { try await status.view() },
            readiness: { status.readiness },
            archiving: components.archive.map { slot in
                { @Sendable clips in try await slot.value?.states(of: clips) ?? [:] }
            },
            archive: components.archiveLink?.reading(cameras: cameras.names), clock: clock)
        registry = cameras
        settings = state.settings
        clipsCapacity = { store.isPlacePresent ? try? store.diskSpace().capacity : nil }
        roomCost = { try await store.cost(ofFloor: $0, in: state.journal.catalogue) }
        ageCost = { try await .of(ClipAgeLimit(days: $0), at: clock.now(), in: state.journal.catalogue) }
        node = membership
        hasNode = components.archive != nil
        telemetry = TelemetryReading(components.telemetry.file, journal: state.journal, names: cameras.names)
        finder = CameraFinder(for: cameras, logger: logger)
    }
}
