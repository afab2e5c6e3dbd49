import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle
import Synchronization

/// Archives the snapshots of events before their clips, so that a snapshot is at the node within a second even if the
/// recorder is destroyed then. Uses the clips' uplink; snapshots of open events are as urgent as live clips.
struct PictureArchiver: Service {
    private let ledger: ArchiveLedger
    private let catalogue: Catalogue
    private let settings: ArchiveSettings
    private let snapshots: SnapshotStore
    private let sealed: SealedPictures
    private let connection: NodeConnection
    private let uplink: ArchiveUplink
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let running = Running()

    /// Snapshots that are sent in parallel.
    private static let slots = 4
    /// How long a snapshot waits whose file or entry cannot be read.
    private static let pause = Duration.seconds(60)

    init(
        ledger: ArchiveLedger, catalogue: Catalogue, snapshots: SnapshotStore, settings: ArchiveSettings,
        folder: String, connection: NodeConnection, uplink: ArchiveUplink, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.ledger = ledger
        self.catalogue = catalogue
        self.settings = settings
        self.snapshots = snapshots
        sealed = SealedPictures(folder: folder, settings: settings, snapshots: snapshots, clock: clock)
        self.connection = connection
        self.uplink = uplink
        self.monotonic = monotonic
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await archive() } catch is CancellationError {
                    return
                } catch {
                    if Task.isCancelled { return }
                    logger.error("snapshot archiver failed, retrying", metadata: ["reason": "\(error)"])
                    try? await monotonic.sleep(for: .seconds(1))
                }
            }
        }
    }

    private func archive() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let (additions, done) = (ledger.additions.value, running.left.value)
                let pending =
                    settings.recipients().isEmpty || !snapshots.isReachable
                    ? [] : try await ledger.pendingPictures(limit: 4 * Self.slots)
                for picture in pending
                where running.enter(picture.event, limit: Self.slots) {
                    group.addTask {
                        defer { running.leave(picture.event) }
                        try await archive(picture)
                    }
                }
                try await ledger.waitForWork(after: additions, or: running.left, after: done, monotonic: monotonic)
            }
        }
    }

    private func archive(_ picture: LedgerPicture) async throws {
        uplink.progress.begin()
        defer { uplink.progress.end() }
        do {
            guard let event = try await catalogue.event(picture.event) else {
                return try await ledger.set(picture.event, to: .failed, reason: "The journal has no such event.")
            }
            let sender = PictureSender(
                event: event, catalogue: catalogue, ledger: ledger, settings: settings, sealed: sealed,
                sender: PartSender(
                    connection: connection, uplink: uplink, urgency: event.state == .open ? .live : .backlog,
                    clip: ClipID(picture.event.uuid),
                    camera: picture.camera, kind: .snapshot, monotonic: monotonic),
                logger: logger)
            try await sender.run()
        } catch {
            try Task.checkCancellation()
            await postpone(picture, GuardianError.wrap(error, "The picture cannot be archived now."))
            try Task.checkCancellation()
        }
    }

    /// Lets other snapshots go before one whose file or entry cannot be read.
    private func postpone(_ picture: LedgerPicture, _ failure: GuardianError) async {
        if picture.reason != failure.message {
            logger.error(
                "archiving a snapshot failed", metadata: ["event": "\(picture.event)", "reason": "\(failure)"])
        }
        // One whose disk is away goes on as soon as that is back.
        let pause = snapshots.isReachable ? Self.pause : .zero
        do {
            try await ledger.set(
                picture.event, to: .waiting, reason: failure.message, retryAfter: pause.components.seconds * 1_000)
        } catch {
            // It is tried again when the ledger is read next.
            try? await monotonic.sleep(for: .seconds(1))
        }
    }
}

/// The events whose snapshots are being sent.
private final class Running: Sendable {
    private let events = Mutex<Set<EventID>>([])
    /// Rises when the work on a snapshot ends.
    let left = Watermark(0)

    func enter(_ event: EventID, limit: Int) -> Bool {
        events.withLock { $0.count < limit && $0.insert(event).inserted }
    }

    func leave(_ event: EventID) {
        events.withLock { _ = $0.remove(event) }
        left.increment()
    }
}
