import Foundation
import GuardianCore
import GuardianJournal
import GuardianMedia
import Logging
import ServiceLifecycle

/// Brings the clips' files and the journal together, in the background: at start, and whenever the clips' disk is back.
///
/// * A file that the journal does not know, or knows as open, was left behind by a crash: it is indexed and hashed, and its
///   clip is closed in the journal as `interrupted`, or as `complete` if only the entry was missing.
/// * Clips that were recorded while the clips' disk was away move there.
/// * A deletion that a crash cut short is finished if its tombstone is in the journal, and undone if not.
///
/// Nothing is deleted because the journal does not know it, and nothing because its file is missing.
package actor ClipReconciler: Service {
    /// The longest pause between two clips.
    private static let longestPause = Duration.seconds(5)

    private let executor = QueueExecutor(label: "clip reconciliation")
    private let store: ClipStore
    private let journal: Journal
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger

    package init(
        store: ClipStore, journal: Journal, clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.store = store
        self.journal = journal
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.reconcileUntilCancelled() }
    }

    private func reconcileUntilCancelled() async {
        while !Task.isCancelled {
            do { try await reconcileAndWait() } catch is CancellationError {
                return
            } catch {
                logger.error("reconciling clips failed, retrying", metadata: ["reason": "\(error)"])
                try? await monotonic.sleep(for: .seconds(5))
            }
        }
    }

    /// Reconciles all folders that are there, and returns when there is a reason to do it again: the clips' disk is back, or a
    /// recorder could not close a clip.
    private func reconcileAndWait() async throws {
        let abandoned = store.abandoned
        if let emergency = store.emergency { try await reconcile(emergency.folder) }
        var wasPresent = store.isPlacePresent
        if wasPresent { try await reconcile(store.folder) }
        while wasPresent || !store.isPlacePresent, store.abandoned == abandoned {
            if wasPresent { try await returnEmergencyClips() }
            wasPresent = store.isPlacePresent
            try await monotonic.sleep(for: .seconds(1))
        }
    }

    package func returnEmergencyClips() async throws {
        try await store.returnEmergencyClips { [journal, store] clip in
            if store.openClips.contains(clip) { return true }
            return try await journal.catalogue.clip(clip)?.clip.state ?? .recording == .recording
        }
    }

    /// Goes once through all files of a folder. Blocks its own queue while it reads a file. A file that cannot be read is
    /// skipped and logged.
    ///
    /// - Throws: what the journal throws; `CancellationError`.
    package func reconcile(_ folder: String) async throws {
        for file in ClipPath.files(in: folder) {
            try Task.checkCancellation()
            guard !store.hasCreated(file.clip) else { continue }
            let known = try await journal.catalogue.clip(file.clip)
            if file.isRemoving {
                guard isInPlace(file, folder) else { continue }
                try await finishRemoval(of: file)
            } else if known == nil ? try await !isRecorded(file.clip, nil) : known?.clip.state == .recording {
                guard isInPlace(file, folder) else { continue }
                try await adopt(file, known?.clip)
            }
        }
    }

    /// The clips' disk may have gone away meanwhile: what its mount point holds is not the journal's.
    private func isInPlace(_ file: ClipPath.Found, _ folder: String) -> Bool {
        folder != store.folder || store.holds(file.url.path)
    }

    private func isRecorded(_ clip: ClipID, _ known: CatalogueClip?) async throws -> Bool {
        if let known { return known.removed != nil }
        return try await journal.catalogue.hasTombstone(of: clip)
    }

    /// Finishes a deletion whose tombstone is in the journal, and undoes one without. Leaves one alone that goes on.
    private func finishRemoval(of file: ClipPath.Found) async throws {
        guard store.claim(file.clip) else { return }
        defer { store.release(file.clip) }
        let isRecorded = try await isRecorded(file.clip, try await journal.catalogue.clip(file.clip))
        let original = String(file.url.path.dropLast(ClipPath.removing.count))
        let failed = isRecorded ? unlink(file.url.path) != 0 : rename(file.url.path, original) != 0
        // A deletion may have ended since the file was found.
        guard failed, errno != ENOENT else { return }
        logger.error(
            "clip file cannot be deleted",
            metadata: ["clip": "\(file.clip)", "reason": "\(String(cString: strerror(errno)))"])
    }

    private func adopt(_ file: ClipPath.Found, _ before: Clip?) async throws {
        let began = monotonic.now()
        let clip: Clip
        do { clip = try Self.read(file, before) } catch {
            logger.error("clip file cannot be read", metadata: ["clip": "\(file.clip)", "reason": "\(error)"])
            return
        }
        try await journal.append([.clipClosed(clip)], at: clock.now())
        logger.notice(
            "adopted a clip after an unclean end",
            metadata: ["clip": "\(clip.id)", "state": "\(clip.state.rawValue)", "duration": "\(clip.duration)"])
        // Leaves half of the disk's time to the recording of now.
        try await monotonic.sleep(for: min(monotonic.elapsed(since: began), Self.longestPause))
    }

    private static func read(_ file: ClipPath.Found, _ before: Clip?) throws -> Clip {
        let found: ClipFile.Adopted
        do {
            found = try ClipFile.adopt(file.url)
        } catch let error as GuardianError where error.code == .dataLoss {
            // The crash came before the first fragment was complete: nothing can be played, but the file stays.
            found = try ClipFile.Adopted(unplayable: file.url)
        }
        return Clip(
            id: file.clip, camera: file.camera, state: found.isComplete ? .complete : .interrupted,
            startedAt: before?.startedAt ?? file.clip.time, duration: found.summary.duration.milliseconds,
            size: found.summary.size, sha256: found.summary.sha256,
            contentType: before?.contentType ?? found.contentType,
            missingPackets: before?.missingPackets ?? 0, kind: before?.kind ?? .event)
    }
}
