import Foundation
import GuardianCore
import GuardianJournal
import GuardianStorage
import Logging
import ServiceLifecycle

/// What an edge keeps: its journal, its clips and its pictures, opened so that whatever is damaged, full or away, recording can
/// begin.
package struct EdgeState: Sendable {
    let folder: StateFolder
    let deviceKey: DeviceKey
    package let settings: EdgeSettingsStore
    package let journal: Journal
    let store: ClipStore
    let snapshots: SnapshotStore
    let expiry: ClipExpiry
    private let heartbeat: Heartbeat
    private let reconciler: ClipReconciler
    private let background: [any Service]
    /// Of the clips and of the pictures.
    private let places: [Place]
    private let clock: any WallClock

    /// Opens everything, and writes to the journal how the previous process ended.
    ///
    /// - Throws: `GuardianError` when the state folder, the device key or the database cannot be used at all.
    package static func open(_ configuration: EdgeConfiguration, clock: any WallClock, logger: Logger) async throws
        -> EdgeState
    {
        let folder = try StateFolder(path: configuration.state)
        let reserve = DiskReserve(path: folder.reserve)
        reserve.releaseIfFull()
        let deviceKey = try DeviceKey.open(path: folder.deviceKey)
        let settings = EdgeSettingsStore(
            path: folder.settings, fixed: configuration.recording.form,
            fixedRecipients: configuration.archive?.named ?? [],
            fixedArchive: configuration.archive?.form ?? ArchiveForm(), fixedRelay: configuration.node?.relay,
            node: configuration.node?.address,
            clock: clock, logger: logger)
        let lastBeat = Heartbeat.last(path: folder.heartbeat)
        let options = Journal.Options(outbox: configuration.hasNode)
        let (opened, wasDamaged) = try await DamagedDatabase.replacing(folder.database, clock: clock, logger: logger) {
            let journal = try Journal(path: folder.database, key: deviceKey, options: options, clock: clock)
            let recovery = Recovery(journal: journal, clock: clock, logger: logger)
            return (journal, recovery, try await recovery.findings(lastBeat: lastBeat))
        }
        let (journal, recovery, findings) = opened
        // What this process writes has the time of the clock that is in question.
        let newest = try? await journal.catalogue.newestSignedTime()
        let head = JournalHeadFile(path: folder.journalHead)
        await continueChain(of: journal, after: head.read(), wasDamaged: wasDamaged, clock: clock, logger: logger)
        let later = await recovery.write(orLater: findings)

        let user = folder.identity(of: deviceKey)
        let clips = Place(folder.clips, register: journal.placeRegister("clips"), user: PlaceUser(user)) {
            try await isKnown(folder.clips, to: journal)
        }
        let pictures = Place(folder.snapshots, register: journal.placeRegister("snapshots"), user: PlaceUser(user))
        let store = ClipStore(
            folder: folder.clips, keepFree: settings.recording.keepFree, place: clips,
            emergency: EmergencyFolder(folder: folder.emergencyClips), reserve: reserve, clock: clock, logger: logger)
        await store.checkPlace()
        await pictures.check()
        let snapshots = SnapshotStore(folder: folder.snapshots, place: pictures)
        let pictureExpiry = PictureExpiry(journal: journal, snapshots: snapshots, clock: clock, logger: logger)
        let expiry = ClipExpiry(
            store: store, journal: journal, file: BelievedTimeFile(path: folder.believedTime), newest: newest ?? nil,
            days: { settings.recording.keepDays }, isSynchronised: { Judgement.ClockState.now() == .synchronised },
            clock: clock, logger: logger)
        return EdgeState(
            folder: folder, deviceKey: deviceKey, settings: settings, journal: journal, store: store,
            snapshots: snapshots, expiry: expiry,
            heartbeat: Heartbeat(path: folder.heartbeat, clock: clock, journal: journal, head: head, logger: logger),
            reconciler: ClipReconciler(store: store, journal: journal, clock: clock, logger: logger),
            background: [PlaceCheck(place: pictures), pictureExpiry, expiry] + (later.map { [$0] } ?? []),
            places: [clips, pictures], clock: clock)
    }

    /// Says that this recorder uses its folders no more. To be called when all services have ended.
    func leavePlaces() { for place in places { place.release() } }

    /// The services in the order of their start. They are shut down in reverse order, after everything that writes to the
    /// journal.
    var services: [any Service] {
        [JournalEnd(journal: journal, clock: clock), heartbeat] + background + [reconciler]
    }

    /// Begins a new chain when this device has signed more than this database has.
    private static func continueChain(
        of journal: Journal, after last: ChainHead?, wasDamaged: Bool, clock: any WallClock, logger: Logger
    ) async {
        do {
            var mustBegin = wasDamaged
            if !mustBegin, let last { mustBegin = try await journal.contradicts(last) }
            guard mustBegin else { return }
            let beginning = ChainBeginning(reason: wasDamaged ? .damaged : .restored, before: last)
            try await journal.beginChain(beginning, at: clock.now())
            logger.warning("new chain begins", metadata: ["reason": "\(beginning.reason.rawValue)"])
        } catch {
            // The node's welcome finds the same contradiction.
            logger.error("beginning a new chain failed", metadata: ["reason": "\(error)"])
        }
    }

    /// Whether the folder holds one of the oldest clips that the journal names, or the journal names none.
    private static func isKnown(_ folder: String, to journal: Journal) async throws -> Bool {
        let clips = try await journal.catalogue.oldestClips(limit: 500).items
        guard !clips.isEmpty else { return true }
        return clips.contains {
            FileManager.default.fileExists(atPath: ClipPath.url(in: folder, $0.id, camera: $0.camera).path)
        }
    }
}

/// Checks once a second whether a place is there.
private struct PlaceCheck: Service {
    let place: Place
    var monotonic: any MonotonicClock = SystemMonotonicClock()

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await place.check()
                try? await monotonic.sleep(for: .seconds(1))
            }
        }
    }
}
