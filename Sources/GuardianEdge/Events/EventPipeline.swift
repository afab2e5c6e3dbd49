import Foundation
import GuardianCore
import GuardianJournal
import GuardianMedia
import GuardianVision
import Logging
import Synchronization

/// A snapshot to be made for an event.
package struct WantedPicture: Sendable {
    package var event: EventID
    /// Media time on the detection stream.
    package var mediaTime: Int64
    /// The object's place in the frame.
    package var box: Box
}

extension WantedPicture {
    fileprivate init(_ report: EventReport) {
        self.init(event: report.event.id, mediaTime: report.bestView, box: report.event.box)
    }
}

/// Turns one camera's observations into journal entries, and runs the recorder while an event is open.
package actor EventPipeline {
    /// An event as it was last written to the journal, and its media times on the detection stream.
    private struct Record {
        var event: Event
        var firstSight: Int64
        var lastSight: Int64
    }

    private let camera: CameraSession
    private let recorder: ClipRecorder
    private let snapshotClient: SnapshotClient
    private let journal: Journal
    private let snapshots: SnapshotStore
    private let link: InferenceLink
    private let clock: any WallClock
    private let logger: Logger
    private let settings: EventSettings
    private var engine: EventEngine
    /// Open events, and the last closed ones, whose snapshots may still be in progress.
    private var records: [EventID: Record] = [:]
    /// The times of the last changes of coverage; at first, of the pipeline's start.
    private var cameraCoveredAt: Timestamp
    private var watchCoveredAt: Timestamp
    private nonisolated let occupied = Mutex(false)

    package init(
        camera: CameraSession, recorder: ClipRecorder, snapshotClient: SnapshotClient, journal: Journal,
        snapshots: SnapshotStore, link: InferenceLink, clock: any WallClock, logger: Logger
    ) {
        self.camera = camera
        self.recorder = recorder
        self.snapshotClient = snapshotClient
        self.journal = journal
        self.snapshots = snapshots
        self.link = link
        self.clock = clock
        self.logger = logger
        let now = clock.now()
        (cameraCoveredAt, watchCoveredAt) = (now, now)
        settings = EventSettings()
        engine = EventEngine(camera: camera.identity.id, settings: settings)
    }

    package nonisolated var isOccupied: Bool { occupied.withLock { $0 } }

    /// Processes an input and returns the snapshots to make now.
    package func process(_ input: CameraInput) async -> [WantedPicture] {
        switch input {
        case .observed(let observation, let arrival):
            let time = camera.anchor(of: .detection).timestamp(ofMediaTime: observation.mediaTime)
            return await apply(engine.update(observation, at: time), at: arrival)
        case .tick:
            return await apply(engine.advance(to: clock.now()), at: clock.now())
        case .watchLost(let reason, let since):
            engine.watchLost()
            await cover(.watchLost, reason: reason, since: since)
        case .watchBack:
            await cover(.watchBack, reason: nil)
        case .cameraLost(let reason, let since):
            await cover(.cameraLost, reason: reason, since: since)
        case .cameraBack:
            await cover(.cameraBack, reason: nil)
        case .pictured(let wanted, let snapshot):
            await attach(snapshot, wanted)
        }
        return []
    }

    /// Closes all open events because the camera stops.
    package func close() async {
        _ = await apply(engine.closeAll(), at: clock.now())
    }

    /// Makes a snapshot and returns the input that attaches it to its event; `nil` when it could not be made.
    package func picture(of wanted: WantedPicture) async -> CameraInput? {
        do {
            let picture = try await snapshotClient.picture(at: camera.mainMediaTime(ofDetection: wanted.mediaTime))
            let time = camera.anchor(of: .main).timestamp(ofMediaTime: picture.mediaTime)
            let snapshot = try snapshots.write(
                picture.jpeg, of: wanted.event, width: picture.width, height: picture.height, at: time)
            return .pictured(wanted, snapshot)
        } catch {
            logger.warning("making a snapshot failed", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private func apply(_ changes: [EventChange], at time: Timestamp) async -> [WantedPicture] {
        var wanted: [WantedPicture] = []
        for change in changes {
            let report = change.report
            switch change {
            case .opened:
                await recorder.begin(report.event.id, at: camera.mainMediaTime(ofDetection: report.firstSight))
                let event = await note(report)
                await append([.eventOpened(event, judgement())], at: time)
                wanted.append(WantedPicture(report))
            case .updated:
                let event = await note(report)
                await append([.eventUpdated(event)], at: time)
                if report.isNewView { wanted.append(WantedPicture(report)) }
            case .closed:
                let event = await note(report)
                await append([.eventClosed(event)], at: time)
                await recorder.end(event.id, lastSight: camera.mainMediaTime(ofDetection: report.lastSight))
                if event.snapshot == nil { wanted.append(WantedPicture(report)) }
                forgetClosed()
            }
        }
        if !changes.isEmpty {
            let isOccupied = !engine.open.isEmpty
            occupied.withLock { $0 = isOccupied }
        }
        return wanted
    }

    /// Records and returns the event of a report, with its current snapshot and the clips that show it.
    private func note(_ report: EventReport) async -> Event {
        var event = report.event
        if let before = records[event.id]?.event, let snapshot = before.snapshot {
            // The box belongs to the snapshot and changes only together with it.
            event.snapshot = snapshot
            event.box = before.box
        }
        event.clips = await recorder.spans(
            of: event.id, from: camera.mainMediaTime(ofDetection: report.firstSight),
            to: camera.mainMediaTime(ofDetection: report.lastSight))
        records[event.id] = Record(event: event, firstSight: report.firstSight, lastSight: report.lastSight)
        return event
    }

    private func attach(_ snapshot: Snapshot, _ wanted: WantedPicture) async {
        guard var record = records[wanted.event] else { return }
        let before = record.event.snapshot
        guard before?.sha256 != snapshot.sha256 else { return }
        record.event.snapshot = snapshot
        record.event.box = wanted.box
        records[wanted.event] = record
        await append([.eventUpdated(record.event)], at: clock.now())
        if let before { snapshots.remove(before, of: wanted.event) }
    }

    /// Drops closed events except the last 16, whose snapshots may still be in progress.
    private func forgetClosed() {
        let closed = records.values.filter { $0.event.state != .open }.sorted { $0.event.endedAt < $1.event.endedAt }
        for record in closed.dropLast(16) { records[record.event.id] = nil }
    }

    /// Writes a change of coverage. A gap begins when the camera was last seen, not when the loss was noticed; but never
    /// before the last change, or the two would contradict each other.
    private func cover(_ change: Coverage.Change, reason: String?, since: Timestamp? = nil) async {
        let now = clock.now()
        let isWatch = change == .watchLost || change == .watchBack
        let before = isWatch ? watchCoveredAt : cameraCoveredAt
        let at = min(max(since ?? now, before), now)
        if isWatch { watchCoveredAt = at } else { cameraCoveredAt = at }
        await append([.coverage(Coverage(change: change, camera: camera.identity.id, at: at, reason: reason))], at: now)
    }

    /// Appends entries. A failure is only logged: the next entry contains the whole event again.
    private func append(_ bodies: [JournalBody], at time: Timestamp) async {
        do {
            try await journal.append(bodies, at: time)
        } catch {
            logger.error("writing a journal entry failed", metadata: ["reason": "\(error)"])
        }
    }

    private func judgement() -> Judgement {
        Judgement(
            software: "guardian \(GuardianVersion.current)",
            model: link.health.model?.sha256 ?? .sha256(of: []),
            thresholds: [
                "looksToOpen": Int64(settings.looksToOpen),
                "confidenceToOpen": Int64(settings.confidenceToOpen * 1000),
                "bestToOpen": Int64(settings.bestToOpen * 1000),
                "quiet": settings.quiet,
            ],
            clock: .now())
    }
}
