import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle
import Synchronization

/// Archives the clips of the ledger: live clips at once and in parallel, the backlog one clip at a time.
public final class Archiver: Service {
    private let ledger: ArchiveLedger
    private let store: ClipStore
    private let journal: Journal
    private let settings: ArchiveSettings
    private let folder: String
    /// Shared with `PictureArchiver`, as is `connection`.
    let uplink: ArchiveUplink
    let connection: NodeConnection
    /// Rises when the journal's delivery has connected to the node.
    private let welcomes: Watermark?
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let running = Mutex<[ClipID: UplinkScheduler.Urgency]>([:])
    /// Rises when the work on a clip ends.
    private let done = Watermark(0)

    /// Backlog clips that are sent in parallel.
    private static let backlogSlots = 1
    /// How long a clip waits whose file is there and cannot be read.
    private static let unreadable = Backoff(base: .seconds(60), limit: .seconds(86_400))

    /// - Parameters:
    ///   - folder: where files with the marks of parts are written.
    ///   - welcomes: rises when the journal's delivery has connected to the node.
    public init(
        ledger: ArchiveLedger, store: ClipStore, journal: Journal, settings: ArchiveSettings, folder: String,
        metrics: MetricsRegistry = MetricsRegistry(), welcomes: Watermark? = nil, clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.ledger = ledger
        self.store = store
        self.journal = journal
        self.settings = settings
        self.folder = folder
        uplink = ArchiveUplink(plan: settings.bandwidth, clock: clock, monotonic: monotonic, metrics: metrics)
        connection = NodeConnection(
            settings.node, backoff: settings.backoff, monotonic: monotonic, logger: logger)
        self.welcomes = welcomes
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
    }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.connection.run(welcomes: self.welcomes) }
            group.addTask { await self.archiveUntilCancelled() }
            group.addTask {
                try? await gracefulShutdown()
                // Uploads in progress may complete within `drain`; the others continue at the next start.
                try await self.monotonic.sleep(for: self.settings.drain)
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func archiveUntilCancelled() async {
        while !Task.isCancelled {
            do { try await archive() } catch is CancellationError {
                return
            } catch {
                logger.error("archiver failed, retrying", metadata: ["reason": "\(error)"])
                try? await monotonic.sleep(for: .seconds(1))
            }
        }
    }

    private func archive() async throws {
        defer { running.withLock { $0 = [:] } }
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let (additions, finished) = (ledger.additions.value, done.value)
                // Read before `next()`, so that a clip whose delay ends in between is not missed.
                let beginning = try await ledger.nextBeginning()
                for (clip, urgency) in try await next() {
                    group.addTask { try await self.archive(clip, urgency) }
                }
                try await ledger.waitForWork(
                    after: additions, or: done, after: finished, until: beginning, monotonic: monotonic)
            }
        }
    }

    private func archive(_ clip: LedgerClip, _ urgency: UplinkScheduler.Urgency) async throws {
        uplink.progress.begin()
        defer {
            uplink.progress.end()
            running.withLock { _ = $0.removeValue(forKey: clip.clip) }
            done.increment()
        }
        let archiver = ClipArchiver(
            clip: clip, ledger: ledger, store: store, journal: journal, settings: settings,
            sender: PartSender(
                connection: connection, uplink: uplink, urgency: urgency, clip: clip.clip, camera: clip.camera,
                monotonic: monotonic),
            folder: folder, clock: clock, monotonic: monotonic, logger: logger)
        do {
            do { try await run(archiver, urgency) } catch let error as UnreadableFile {
                try await postpone(clip, error.cause)
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // The ledger or the journal failed; the clip is tried again when the ledger is read next.
            logger.error("archiving a clip failed", metadata: ["clip": "\(clip.clip)", "reason": "\(error)"])
            try await monotonic.sleep(for: .seconds(1))
        }
    }

    /// Lets other clips go before one whose file cannot be read. Each attempt may make another part, so that they become rarer.
    private func postpone(_ clip: LedgerClip, _ failure: GuardianError) async throws {
        if clip.reason != failure.message {
            logger.error("archiving a clip failed", metadata: ["clip": "\(clip.clip)", "reason": "\(failure)"])
        }
        // A clip that is away is passed over anyway, and goes on as soon as it is back.
        let attempts = try await ledger.parts(of: clip.clip).count
        let pause = store.isReachable(clip.clip) ? Self.unreadable.ceiling(after: attempts + 1) : .zero
        try await ledger.set(
            clip.clip, to: .waiting, reason: failure.message, retryAfter: pause.components.seconds * 1_000)
    }

    /// Archives one clip. A backlog clip is stopped as soon as the bandwidth plan excludes the backlog: the node keeps what it
    /// has of the clip, and the rest is sent later.
    private func run(_ archiver: ClipArchiver, _ urgency: UplinkScheduler.Urgency) async throws {
        guard urgency == .backlog else { return try await archiver.run() }
        let isPostponed = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await archiver.run()
                return false
            }
            group.addTask {
                try await self.uplink.wait(untilBacklogIsAllowed: false)
                return true
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        if isPostponed { try await ledger.set(archiver.clip.clip, to: .waiting) }
    }

    /// How many clips are being sent or wait for a receipt.
    var leaving: Int { running.withLock(\.count) }

    /// Why clips that wait are not sent now, for a person; `nil` when they may be sent.
    package var reasonToWait: String? {
        guard !settings.recipients().isEmpty else {
            return "Nobody could open it now: it is sealed and sent once there is a recovery code (Settings → Archive)."
        }
        if let away = store.awayReason { return away }
        return uplink.allowance.backlogWaitsUntil.map {
            "Until \($0) only clips that are being recorded are sent; this clip is sent afterwards."
        }
    }

    /// Returns the clips to start now and marks them as running.
    private func next() async throws -> [(LedgerClip, UplinkScheduler.Urgency)] {
        guard !settings.recipients().isEmpty else { return [] }
        let open = store.openClips
        let pending = try await ledger.pending(limit: 200)
        let slots = uplink.allowance.allowsBacklog ? Self.backlogSlots : 0
        let isPlaceReachable = store.isPlaceReachable
        return running.withLock { running in
            var started: [(LedgerClip, UplinkScheduler.Urgency)] = []
            for clip in pending where running[clip.clip] == nil {
                guard isPlaceReachable || store.isInEmergencyFolder(clip.clip) else { continue }
                let urgency: UplinkScheduler.Urgency = open.contains(clip.clip) ? .live : .backlog
                guard urgency == .live || running.values.count(where: { $0 == .backlog }) < slots else { continue }
                running[clip.clip] = urgency
                started.append((clip, urgency))
            }
            return started
        }
    }
}
