import Foundation
import GuardianCore
import GuardianJournal
import GuardianMedia
import GuardianVision
import Logging
import Synchronization

/// A picture that an event still wants.
struct WantedPicture: Sendable {
    var event: EventID
    /// Milliseconds of the stream that is looked at.
    var mediaTime: Int64
    /// Where the object is in it.
    var box: Box
}

extension WantedPicture {
    fileprivate init(_ report: EventReport) {
        self.init(event: report.event.id, mediaTime: report.bestView, box: report.event.box)
    }
}

/// Turns one camera's observations into journal entries, and has the recorder run while somebody is there.
actor EventPipeline {
    /// An event as the journal has it last, and where it is in the stream.
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
    /// Open events, and closed ones whose picture is still being made.
    private var records: [EventID: Record] = [:]
    private nonisolated let occupied = Mutex(false)

    init(
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
        settings = EventSettings()
        engine = EventEngine(camera: camera.identity.id, settings: settings)
    }

    nonisolated var isOccupied: Bool { occupied.withLock { $0 } }

    /// Takes in what happened; gives back the pictures that are wanted now.
    func process(_ input: CameraInput) async -> [WantedPicture] {
        switch input {
        case .observed(let observation, let arrival):
            let time = camera.anchor(of: .detection).timestamp(ofMediaTime: observation.mediaTime)
            return await apply(engine.update(observation, at: time), at: arrival)
        case .tick:
            return await apply(engine.advance(to: clock.now()), at: clock.now())
        case .watchLost(let reason):
            engine.watchLost()
            await cover(.watchLost, reason: reason)
        case .watchBack:
            await cover(.watchBack, reason: nil)
        case .cameraLost(let reason):
            await cover(.cameraLost, reason: reason)
        case .cameraBack:
            await cover(.cameraBack, reason: nil)
        case .pictured(let wanted, let snapshot):
            await attach(snapshot, wanted)
        }
        return []
    }

    /// Closes what is open: the camera stops.
    func close() async {
        _ = await apply(engine.closeAll(), at: clock.now())
    }

    /// Makes the picture and says what to take in for it; `nil` when there is none to be had.
    func picture(of wanted: WantedPicture) async -> CameraInput? {
        do {
            let picture = try await snapshotClient.picture(at: camera.mainMediaTime(ofDetection: wanted.mediaTime))
            let time = camera.anchor(of: .main).timestamp(ofMediaTime: picture.mediaTime)
            let snapshot = try snapshots.write(
                picture.jpeg, of: wanted.event, width: picture.width, height: picture.height, at: time)
            return .pictured(wanted, snapshot)
        } catch {
            logger.warning("an event has no picture", metadata: ["reason": "\(error)"])
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

    /// The event as it is now, with the picture it has and the clips that show it.
    private func note(_ report: EventReport) async -> Event {
        var event = report.event
        if let before = records[event.id]?.event, let snapshot = before.snapshot {
            // The box stays the one in the picture that is there until a better picture is.
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

    /// Closed events are kept a little while for the pictures that are still being made.
    private func forgetClosed() {
        let closed = records.values.filter { $0.event.state != .open }.sorted { $0.event.endedAt < $1.event.endedAt }
        for record in closed.dropLast(16) { records[record.event.id] = nil }
    }

    private func cover(_ change: Coverage.Change, reason: String?) async {
        let now = clock.now()
        await append(
            [.coverage(Coverage(change: change, camera: camera.identity.id, at: now, reason: reason))], at: now)
    }

    /// Entries carry whole events: one that could not be written is made good by the next.
    private func append(_ bodies: [JournalBody], at time: Timestamp) async {
        do {
            try await journal.append(bodies, at: time)
        } catch {
            logger.error("the journal took no entry", metadata: ["reason": "\(error)"])
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
