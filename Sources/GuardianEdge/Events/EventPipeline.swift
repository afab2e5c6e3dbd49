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
    package var mediaTime: MediaTime
    /// The object's place in the frame.
    package var box: Box
    /// Rises with each picture that the pipeline wants: a later one shows a better view.
    package var number: Int
}

/// Turns one camera's observations into journal entries, and runs the recorder while an event is open.
package actor EventPipeline {
    /// An event as it was last written to the journal, and its media times on the detection stream.
    private struct Record {
        var event: Event
        var firstSight: MediaTime
        var lastSight: MediaTime
        /// The number of the picture that the event has.
        var picture = 0
        /// Pictures that a better one replaced, until the journal names that one.
        var replaced: [Snapshot] = []
    }

    private let camera: CameraSession
    private let recorder: ClipRecorder
    private let snapshotClient: SnapshotClient
    private let journal: Journal
    private let snapshots: SnapshotStore
    private let link: InferenceLink
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let settings: EventSettings
    private let recordsUnanalysed: @Sendable () -> Bool
    private var engine: EventEngine
    /// Until when the engine knows that time has passed.
    private var passedAt: ContinuousClock.Instant
    /// Open events, and the last closed ones, whose snapshots may still be in progress.
    private var records: [EventID: Record] = [:]
    /// The times of the last changes of coverage; at first, of the pipeline's start.
    private var cameraCoveredAt: Timestamp
    private var watchCoveredAt: Timestamp
    private var picturesWanted = 0
    private nonisolated let occupied = Mutex(false)

    /// - Parameter recordsUnanalysed: whether everything is recorded while the camera is not analysed; read when that begins.
    package init(
        camera: CameraSession, recorder: ClipRecorder, snapshotClient: SnapshotClient, journal: Journal,
        snapshots: SnapshotStore, link: InferenceLink,
        recordsUnanalysed: @escaping @autoclosure @Sendable () -> Bool = true, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.camera = camera
        self.recorder = recorder
        self.snapshotClient = snapshotClient
        self.journal = journal
        self.snapshots = snapshots
        self.link = link
        self.recordsUnanalysed = recordsUnanalysed
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
        passedAt = monotonic.now()
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
            return await apply(pass() + engine.update(observation, at: time), at: arrival)
        case .tick:
            return await apply(pass(), at: clock.now())
        case .watchLost(let reason, let since, let lastLook):
            engine.watchLost()
            // Before the journal is written, which may take longer than the packet ring reaches back.
            if recordsUnanalysed() {
                await recorder.beginContinuous(from: lastLook.map(camera.mainMediaTime) ?? .distantPast)
            }
            await cover(.watchLost, reason: reason, since: since)
        case .watchBack:
            await recorder.endContinuous()
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

    /// Tells the engine how much time has passed, in whole milliseconds.
    private func pass() -> [EventChange] {
        let milliseconds = passedAt.duration(to: monotonic.now()).milliseconds
        passedAt += .milliseconds(milliseconds)
        return engine.pass(.milliseconds(milliseconds))
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
                await append(.eventOpened(event, judgement()), of: event.id, at: time)
                wanted.append(want(report))
            case .updated:
                let event = await note(report)
                await append(.eventUpdated(event), of: event.id, at: time)
                if report.isNewView { wanted.append(want(report)) }
            case .closed:
                let event = await note(report)
                await append(.eventClosed(event), of: event.id, at: time)
                await recorder.end(event.id, lastSight: camera.mainMediaTime(ofDetection: report.lastSight))
                if event.snapshot == nil { wanted.append(want(report)) }
                forgetClosed()
            }
        }
        if !changes.isEmpty {
            let isOccupied = !engine.open.isEmpty
            occupied.withLock { $0 = isOccupied }
        }
        return wanted
    }

    private func want(_ report: EventReport) -> WantedPicture {
        picturesWanted += 1
        return WantedPicture(
            event: report.event.id, mediaTime: report.bestView, box: report.event.box, number: picturesWanted)
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
        var record = records[event.id] ?? Record(event: event, firstSight: 0, lastSight: 0)
        (record.event, record.firstSight, record.lastSight) = (event, report.firstSight, report.lastSight)
        records[event.id] = record
        return event
    }

    /// Attaches a picture to its event, unless the event has a later one: pictures are made in parallel. The file of a
    /// picture that no entry will name is removed; a file that an entry names only once another entry has replaced it.
    private func attach(_ snapshot: Snapshot, _ wanted: WantedPicture) async {
        guard var record = records[wanted.event] else { return await discard(snapshot, of: wanted.event) }
        let before = record.event.snapshot
        guard before?.sha256 != snapshot.sha256 else { return }
        guard wanted.number >= record.picture else {
            if !record.replaced.contains(where: { $0.sha256 == snapshot.sha256 }) {
                snapshots.remove(snapshot, of: wanted.event)
            }
            return
        }
        record.event.snapshot = snapshot
        record.event.box = wanted.box
        record.picture = wanted.number
        record.replaced.removeAll { $0.sha256 == snapshot.sha256 }
        if let before { record.replaced.append(before) }
        records[wanted.event] = record
        await append(.eventUpdated(record.event), of: wanted.event, at: clock.now())
    }

    /// Removes a picture that came too late for its event, unless the journal names the very same one.
    private func discard(_ snapshot: Snapshot, of event: EventID) async {
        do {
            let known = try await journal.catalogue.event(event)
            if known?.snapshot?.sha256 != snapshot.sha256 { snapshots.remove(snapshot, of: event) }
        } catch {
            // Without the journal nobody knows whether the file is needed: it stays.
        }
    }

    /// Appends an entry with the whole event, and then removes the pictures that it replaced.
    private func append(_ body: JournalBody, of event: EventID, at time: Timestamp) async {
        let replaced = records[event]?.replaced ?? []
        guard await append([body], at: time) else { return }
        for snapshot in replaced { snapshots.remove(snapshot, of: event) }
        records[event]?.replaced.removeAll { replaced.contains($0) }
    }

    /// Drops closed events except the last 16, whose snapshots may still be in progress.
    private func forgetClosed() {
        let closed = records.values.filter { $0.event.state != .open }.sorted { $0.lastSight < $1.lastSight }
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
    ///
    /// - Returns: whether the journal has them.
    @discardableResult
    private func append(_ bodies: [JournalBody], at time: Timestamp) async -> Bool {
        do {
            try await journal.append(bodies, at: time)
            return true
        } catch {
            logger.error("writing a journal entry failed", metadata: ["reason": "\(error)"])
            return false
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
                "quiet": settings.quiet.milliseconds,
            ],
            clock: .now())
    }
}
