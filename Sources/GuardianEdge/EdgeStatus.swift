import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations

/// Builds the edge's status view from its components.
package struct EdgeStatus: Sendable {
    let startedAt: Timestamp
    /// Returns all cameras, in the order of the settings.
    let cameras: @Sendable () -> [CameraEntry]
    let store: ClipStore
    let journal: Journal
    let delivery: Delivery?
    /// Returns the archive once it runs; `nil` when there can be none.
    let archive: (@Sendable () -> EdgeArchive?)?
    let link: InferenceLink
    let supervision: Supervision
    let clock: any WallClock

    /// What the status shows of places and of components that may fail.
    package struct Supervision: Sendable {
        /// How often the AI service was restarted.
        var restarts: @Sendable () -> Int = { 0 }
        var components: @Sendable () -> [ComponentView] = { [] }
        /// Why the disk of the pictures is away.
        var picturesAway: @Sendable () -> String? = { nil }
        /// Databases that were damaged and set aside.
        var setAside: @Sendable () -> [String] = { [] }
        /// Damaged databases that are still in use because this cannot be noted on their disk.
        var damage: @Sendable () -> [FindingView] = { [] }
        /// What is wrong with the certificates of the web server and for the node.
        var certificates: @Sendable () -> [FindingView] = { [] }
        /// What lacks room on the disks of the state folder and of the pictures.
        var room: @Sendable () -> [FindingView] = { [] }
        /// What is wrong with the cameras' settings.
        var cameraSettings: @Sendable () -> [FindingView] = { [] }
        /// What is wrong with the other settings.
        var settings: @Sendable () -> [FindingView] = { [] }
        /// Why nothing is deleted for its age, although it should be.
        var expiry: @Sendable () -> [FindingView] = { [] }
        /// What is wrong with the telemetry.
        var telemetry: @Sendable () -> [FindingView] = { [] }
        /// What is wrong with passing recordings on.
        var relay: @Sendable () -> [FindingView] = { [] }
        /// Days after which clips are deleted.
        var keepDays: @Sendable () -> Int? = { nil }
        /// Sections of the configuration that were left out.
        package var refusals: [RefusedSection] = []
        /// The node's host and port.
        var nodeAddress: String?
        /// Whether somebody can open what is archived.
        var isArchiving: @Sendable () -> Bool = { true }

        package init() {}
    }

    package init(
        startedAt: Timestamp, cameras: @escaping @Sendable () -> [CameraEntry], store: ClipStore, journal: Journal,
        delivery: Delivery?, archive: (@Sendable () -> EdgeArchive?)?, link: InferenceLink,
        supervision: Supervision = Supervision(),
        clock: any WallClock
    ) {
        self.startedAt = startedAt
        self.cameras = cameras
        self.store = store
        self.journal = journal
        self.delivery = delivery
        self.archive = archive
        self.link = link
        self.supervision = supervision
        self.clock = clock
    }

    /// - Parameter now: by the monotonic clock, for the ages of what shows that a camera works.
    package func view(at now: ContinuousClock.Instant = .now) async throws -> StatusView {
        let entries = self.cameras()
        let cameras = entries.map(\.view)
        let storage = try await storage()
        let node = try await node()
        let inference = inference
        // A ledger that cannot be read must not hide the cameras' state.
        let archive = self.archive?()
        let isArchiving = self.archive != nil && supervision.isArchiving()
        let uplink = isArchiving ? try? await archive?.view() : ArchiveUplinkView(configured: false)
        let components = supervision.components()
        let ages = entries.compactMap { entry in entry.running.map { (entry.record.alias, $0.ages(at: now)) } }
        // What a node could not take while it was away is not late.
        let connectedFor: Duration =
            if let state = delivery?.state, state.connected { .milliseconds(clock.now() - state.since) } else { .zero }
        let problems =
            Problems.of(
                cameras: cameras, storage: storage, node: node, inference: inference,
                canReadArchive: uplink != nil || archive == nil,
                ages: Dictionary(ages, uniquingKeysWith: { first, _ in first }), deliveryAge: delivery?.age,
                archive: uplink, archiveAge: min(archive?.storedAge ?? .zero, connectedFor))
            + Problems.ofPlaces(
                clips: store, picturesAway: supervision.picturesAway(), setAside: supervision.setAside())
            + supervision.damage()
            + supervision.room()
            + supervision.certificates()
            + Problems.of(components)
            + Problems.of(supervision.refusals)
            + supervision.cameraSettings()
            + supervision.settings()
            + supervision.expiry()
            + supervision.telemetry() + supervision.relay()
            + Problems.ofClocks(entries.compactMap { entry in entry.running.map { (entry.view, $0.session) } })
        return StatusView(
            startedAt: startedAt, state: Problems.state(problems, cameras: cameras, inference: inference),
            summary: Problems.summary(problems, cameras: cameras, inference: inference), problems: problems,
            cameras: cameras,
            storage: storage, node: node, archive: uplink ?? ArchiveUplinkView(configured: true), inference: inference,
            components: components,
            journal: JournalView(
                chain: journal.chain, deviceKey: Data(journal.deviceKey.bytes).base64EncodedString(),
                sequence: journal.position))
    }

    /// Whether the edge analyses and records; otherwise the reasons why not.
    package var readiness: Readiness {
        var reasons: [String] = []
        let health = link.health
        switch health.state {
        case .starting: reasons.append("The AI service is still starting.")
        case .down: reasons.append("The AI service does not work: \(health.reason ?? "it does not answer.")")
        case .up: break
        }
        if store.isFull { reasons.append(store.awayReason ?? "The disk is full: make room.") }
        return Readiness(reasons: reasons)
    }

    private func storage() async throws -> StorageView {
        let space = (try? store.diskSpace()) ?? DiskSpace(capacity: 0, free: 0)
        let totals = try await journal.catalogue.clipTotals()
        return StorageView(
            path: store.folder, capacity: space.capacity, free: space.free, clips: totals.count,
            clipBytes: totals.bytes, oldestClipAt: totals.oldest, recording: !store.isFull, away: !store.isPlacePresent,
            daysLeft: daysLeft(free: space.free - store.keepFree, totals), keepDays: supervision.keepDays(),
            deletedForAge: store.deletedForAge.load(ordering: .relaxed))
    }

    /// Returns the days until the disk is full at the average rate since the oldest clip; `nil` when there is less than an hour
    /// of clips.
    private func daysLeft(free: Int64, _ totals: ClipTotals) -> Double? {
        guard let oldest = totals.oldest, totals.bytes > 0 else { return nil }
        let hours = Double(clock.now() - oldest) / 3_600_000
        guard hours >= 1 else { return nil }
        return max(0, Double(free)) / (Double(totals.bytes) / hours) / 24
    }

    private func node() async throws -> NodeLinkView {
        let state = delivery?.state
        return NodeLinkView(
            configured: delivery != nil, address: supervision.nodeAddress, connected: state?.connected ?? false,
            since: state?.since,
            waiting: delivery == nil ? 0 : journal.outbox.waiting,
            oldestWaitingAt: delivery == nil ? nil : try await journal.outbox.oldestWaitingAt(),
            lastAcknowledgedAt: state?.lastAcknowledgedAt, reason: state?.reason)
    }

    private func proof(_ proof: InferenceLink.Health.Proof) -> InferenceView.Proof {
        let state: InferenceView.Proof.State =
            switch proof.state {
            case .unavailable: .unavailable
            case .pending: .pending
            case .passed: .passed
            case .failed: .failed
            }
        return InferenceView.Proof(state: state, passedAt: proof.passed?.time, reason: proof.failure)
    }

    private var inference: InferenceView {
        let health = link.health
        let state: InferenceView.State =
            switch health.state {
            case .starting: .starting
            case .up: .up
            case .down: .down
            }
        return InferenceView(
            state: state, since: health.since, reason: health.reason, restarts: supervision.restarts(),
            model: health.model.map { InferenceView.Model(name: $0.name, sha256: $0.sha256.hex) },
            latencyMs: health.latency.map { InferenceView.Latency(p50: $0.p50, p99: $0.p99) }, queue: health.queue,
            proof: proof(health.proof),
            sandbox: health.sandbox.map { InferenceView.Sandbox(active: $0.isActive, detail: $0.detail) })
    }
}
