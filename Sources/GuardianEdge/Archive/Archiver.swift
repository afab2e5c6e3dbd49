import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle
import Synchronization

/// Archives the clips that the ledger wants: those that are being recorded at once, the backlog one after another.
public final class Archiver: Service {
    private let ledger: ArchiveLedger
    private let store: ClipStore
    private let journal: Journal
    private let settings: ArchiveSettings
    private let folder: String
    /// What else goes to the archive shares them.
    let line: ArchiveUplink
    let connection: NodeConnection
    /// Rises when the journal's delivery has reached the node.
    private let welcomes: Watermark?
    private let clock: any WallClock
    private let logger: Logger
    private let running = Mutex<[ClipID: UplinkScheduler.Urgency]>([:])
    /// Rises when a clip is done.
    private let done = Watermark(0)

    /// Clips under way at once beside those that are being recorded.
    private static let backlog = 1

    /// - Parameters:
    ///   - folder: for the marks of parts.
    ///   - welcomes: rises when somebody else has reached the node.
    public init(
        ledger: ArchiveLedger, store: ClipStore, journal: Journal, settings: ArchiveSettings, folder: String,
        metrics: MetricsRegistry = MetricsRegistry(), welcomes: Watermark? = nil, clock: any WallClock = SystemClock(),
        logger: Logger
    ) {
        self.ledger = ledger
        self.store = store
        self.journal = journal
        self.settings = settings
        self.folder = folder
        line = ArchiveUplink(plan: settings.bandwidth, clock: clock, metrics: metrics)
        connection = NodeConnection(settings, logger: logger)
        self.welcomes = welcomes
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.connection.run(welcomes: self.welcomes) }
            group.addTask { await self.archiveAgainAndAgain() }
            group.addTask {
                try? await gracefulShutdown()
                // What is under way has a moment to end; the rest goes on at the next start.
                try await Task.sleep(for: self.settings.drain)
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func archiveAgainAndAgain() async {
        while !Task.isCancelled {
            do { try await archive() } catch is CancellationError {
                return
            } catch {
                logger.error("archiving stopped for a moment", metadata: ["reason": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func archive() async throws {
        defer { running.withLock { $0 = [:] } }
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let (wants, finished) = (ledger.wants.value, done.value)
                // Before the list: what begins in between is in the list.
                let beginning = try await ledger.nextBeginning()
                for (clip, urgency) in try await next() {
                    group.addTask { try await self.archive(clip, urgency) }
                }
                try await ledger.news(after: wants, or: done, after: finished, until: beginning)
            }
        }
    }

    private func archive(_ clip: ArchivedClip, _ urgency: UplinkScheduler.Urgency) async throws {
        defer {
            running.withLock { _ = $0.removeValue(forKey: clip.clip) }
            done.increment()
        }
        let archiver = ClipArchiver(
            clip: clip, ledger: ledger, store: store, journal: journal, settings: settings,
            sender: PartSender(
                connection: connection, line: line, urgency: urgency, clip: clip.clip, camera: clip.camera),
            folder: folder, clock: clock, logger: logger)
        do { try await run(archiver, urgency) } catch is CancellationError {
            throw CancellationError()
        } catch {
            // A ledger or journal that fails now is tried again with the next news.
            logger.error("a clip could not be archived", metadata: ["clip": "\(clip.clip)", "reason": "\(error)"])
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Leaves an older clip as soon as the line is not for it any more: the node stores what it has, the rest follows.
    private func run(_ archiver: ClipArchiver, _ urgency: UplinkScheduler.Urgency) async throws {
        guard urgency == .backlog else { return try await archiver.run() }
        let isHeld = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await archiver.run()
                return false
            }
            group.addTask {
                try await self.line.wait(untilBacklogIsTaken: false)
                return true
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        if isHeld { try await ledger.set(archiver.clip.clip, to: .waiting) }
    }

    /// Clips that leave now, or whose receipt is waited for.
    var leaving: Int { running.withLock(\.count) }

    /// Why a clip that is not being recorded does not leave now; for a person.
    package var reasonToWait: String? {
        line.allowance.backlogWaitsUntil.map {
            "Until \($0) the line is kept for what is being recorded; this clip follows by itself."
        }
    }

    /// Clips to begin now.
    private func next() async throws -> [(ArchivedClip, UplinkScheduler.Urgency)] {
        let open = store.openClips
        let pending = try await ledger.pending(limit: 200)
        let backlog = line.allowance.takesBacklog ? Self.backlog : 0
        return running.withLock { running in
            var begun: [(ArchivedClip, UplinkScheduler.Urgency)] = []
            for clip in pending where running[clip.clip] == nil {
                let urgency: UplinkScheduler.Urgency = open.contains(clip.clip) ? .live : .backlog
                guard urgency == .live || running.values.count(where: { $0 == .backlog }) < backlog else { continue }
                running[clip.clip] = urgency
                begun.append((clip, urgency))
            }
            return begun
        }
    }
}
