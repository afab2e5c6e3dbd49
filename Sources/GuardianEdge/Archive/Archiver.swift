import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianWire
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
    private let clock: any WallClock
    private let logger: Logger
    private let running = Mutex<[ClipID: Bool]>([:])
    /// Rises when a clip is done.
    private let done = Watermark(0)

    /// Clips under way at once beside those that are being recorded.
    private static let backlog = 1

    public init(
        ledger: ArchiveLedger, store: ClipStore, journal: Journal, settings: ArchiveSettings, folder: String,
        clock: any WallClock = SystemClock(), logger: Logger
    ) {
        self.ledger = ledger
        self.store = store
        self.journal = journal
        self.settings = settings
        self.folder = folder
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.connect() }
            group.addTask {
                try? await gracefulShutdown()
                // What is under way has a moment to end; the rest goes on at the next start.
                try await Task.sleep(for: self.settings.drain)
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func connect() async throws {
        while !Task.isCancelled {
            do {
                let transport = try NodeTarget.transport(
                    host: settings.host, port: settings.port, credentials: settings.credentials)
                try await withGRPCClient(transport: transport) { client in
                    try await self.archive(over: Guardian_V1_ArchiveService.Client(wrapping: client))
                }
            } catch is CancellationError {
                return
            } catch {
                logger.error("archiving stopped for a moment", metadata: ["reason": "\(error)"])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func archive(
        over client: Guardian_V1_ArchiveService.Client<HTTP2ClientTransport.Posix>
    ) async throws {
        defer { running.withLock { $0 = [:] } }
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let (wants, finished) = (ledger.wants.value, done.value)
                for clip in try await next() {
                    group.addTask { try await self.archive(clip, over: client) }
                }
                try await news(after: wants, finished)
            }
        }
    }

    private func archive(
        _ clip: ArchivedClip, over client: Guardian_V1_ArchiveService.Client<HTTP2ClientTransport.Posix>
    ) async throws {
        defer {
            running.withLock { _ = $0.removeValue(forKey: clip.clip) }
            done.increment()
        }
        let archiver = ClipArchiver(
            clip: clip, ledger: ledger, store: store, journal: journal, settings: settings,
            sender: PartSender(client: client, clip: clip.clip, camera: clip.camera),
            folder: folder, clock: clock, logger: logger)
        do { try await archiver.run() } catch is CancellationError {
            throw CancellationError()
        } catch {
            // A ledger or journal that fails now is tried again with the next news.
            logger.error("a clip could not be archived", metadata: ["clip": "\(clip.clip)", "reason": "\(error)"])
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Clips to begin now.
    private func next() async throws -> [ArchivedClip] {
        let open = store.openClips
        let pending = try await ledger.pending(limit: 200)
        return running.withLock { running in
            var begun: [ArchivedClip] = []
            for clip in pending where running[clip.clip] == nil {
                let isLive = open.contains(clip.clip)
                guard isLive || running.values.count(where: { !$0 }) < Self.backlog else { continue }
                running[clip.clip] = isLive
                begun.append(clip)
            }
            return begun
        }
    }

    /// Returns when there is something new to do, or a refused clip may be tried again.
    private func news(after wants: Int64, _ finished: Int64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.ledger.wants.wait(beyond: wants) }
            group.addTask { try await self.done.wait(beyond: finished) }
            group.addTask { try await Task.sleep(for: .seconds(5)) }
            try await group.next()
            group.cancelAll()
        }
    }
}
