import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle
import Synchronization

/// Brings the pictures of events into the archive, before the clips that show them: a picture is there within a second,
/// whatever becomes of the recorder then. On the clips' line, where they go with what is being recorded.
struct PictureArchiver: Service {
    private let ledger: ArchiveLedger
    private let catalogue: Catalogue
    private let settings: ArchiveSettings
    private let sealed: SealedPictures
    private let connection: NodeConnection
    private let line: ArchiveUplink
    private let logger: Logger
    private let running = Running()

    /// Pictures under way at once.
    private static let slots = 4

    init(
        ledger: ArchiveLedger, catalogue: Catalogue, snapshots: SnapshotStore, settings: ArchiveSettings,
        folder: String, connection: NodeConnection, line: ArchiveUplink, clock: any WallClock, logger: Logger
    ) {
        self.ledger = ledger
        self.catalogue = catalogue
        self.settings = settings
        sealed = SealedPictures(folder: folder, settings: settings, snapshots: snapshots, clock: clock)
        self.connection = connection
        self.line = line
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await archive() } catch is CancellationError {
                    return
                } catch {
                    if Task.isCancelled { return }
                    logger.error("archiving pictures stopped for a moment", metadata: ["reason": "\(error)"])
                    try? await Task.sleep(for: .seconds(1))
                }
            }
        }
    }

    private func archive() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let (wants, done) = (ledger.wants.value, running.left.value)
                for picture in try await ledger.pendingPictures(limit: 4 * Self.slots)
                where running.enter(picture.event, limit: Self.slots) {
                    group.addTask {
                        defer { running.leave(picture.event) }
                        try await archive(picture)
                    }
                }
                try await ledger.news(after: wants, or: running.left, after: done)
            }
        }
    }

    private func archive(_ picture: ArchivedPicture) async throws {
        do {
            guard let event = try await catalogue.event(picture.event) else {
                return try await ledger.set(picture.event, to: .failed, reason: "The journal has no such event.")
            }
            let sender = PictureSender(
                event: event, catalogue: catalogue, ledger: ledger, settings: settings, sealed: sealed,
                sender: PartSender(
                    connection: connection, line: line, urgency: event.state == .open ? .live : .backlog,
                    clip: ClipID(picture.event.uuid),
                    camera: picture.camera, kind: .snapshot),
                logger: logger)
            try await sender.run()
        } catch {
            try Task.checkCancellation()
            // A ledger or a disk that fails now is tried again with the next news.
            logger.error(
                "a picture could not be archived", metadata: ["event": "\(picture.event)", "reason": "\(error)"])
            try await Task.sleep(for: .seconds(1))
        }
    }
}

/// The pictures that are under way.
private final class Running: Sendable {
    private let events = Mutex<Set<EventID>>([])
    /// Rises when one is done.
    let left = Watermark(0)

    func enter(_ event: EventID, limit: Int) -> Bool {
        events.withLock { $0.count < limit && $0.insert(event).inserted }
    }

    func leave(_ event: EventID) {
        events.withLock { _ = $0.remove(event) }
        left.increment()
    }
}
