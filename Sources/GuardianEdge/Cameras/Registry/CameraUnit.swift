import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle
import Synchronization

/// Runs one camera as its record says: makes its station, and makes it anew when the record wants another one or the station
/// failed. Nothing of it touches other cameras.
final class CameraUnit: Sendable {
    /// How long a station may take to end by itself, before it is cancelled.
    private static let patience = Duration.seconds(20)

    /// What a unit needs of the recorder.
    struct Surroundings: Sendable {
        var make: @Sendable (CameraRecord, CameraGap) throws -> CameraStation
        /// Writes a change of coverage.
        var note: @Sendable (Coverage) async -> Void
        /// Makes pictures for tests.
        var picture: CameraTestRunner.Picture?
        var clock: any WallClock
        var logger: Logger
    }

    /// How a run ended.
    enum Ending {
        case removed, shutDown
    }

    let id: CameraID
    let startedAt: Timestamp
    let test: CameraTestRunner
    private let surroundings: Surroundings
    private let wanted: Mutex<CameraRecord?>
    /// Increases with each change of what is wanted, and with each new station.
    private let changes = Watermark(0)
    private let current = Slot<CameraStation>()
    private let supervisor = Slot<SupervisedService>()
    private let gap = Mutex(CameraGap.none)
    private let isEnding = Mutex(false)

    init(_ record: CameraRecord, _ surroundings: Surroundings) {
        id = record.id
        wanted = Mutex(record)
        self.surroundings = surroundings
        test = CameraTestRunner(picture: surroundings.picture)
        startedAt = surroundings.clock.now()
    }

    /// The record that it runs by, or will; `nil` once the camera was removed.
    var record: CameraRecord? { wanted.withLock { $0 } }

    /// - Parameter record: `nil` when the camera was removed.
    func want(_ record: CameraRecord?) {
        let isOther = wanted.withLock { wanted in
            defer { wanted = record }
            return wanted != record
        }
        if isOther { changes.increment() }
    }

    /// The running station; `nil` while the camera is paused, and between two stations.
    var station: CameraStation? { current.value }

    /// Why the station does not run; `nil` while it does.
    var failure: String? { supervisor.value.flatMap { $0.state.phase == .failing ? $0.state.reason : nil } }

    /// Increases with each change of record or station.
    var mark: Int64 { changes.value }

    /// Waits for a change of record or station.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func change(after mark: Int64) async throws { try await changes.wait(beyond: mark) }

    /// Whether the process shuts down.
    var hasEnded: Bool { isEnding.withLock { $0 } }

    /// Runs until the camera is removed, or the process shuts down.
    func run() async -> Ending {
        await withGracefulShutdownHandler {
            while !Task.isCancelled, !hasEnded {
                let mark = changes.value
                guard let record else {
                    await noteRemoval()
                    return .removed
                }
                if record.pausedSince == nil {
                    await runStation(record)
                } else {
                    await notePause()
                    try? await changes.wait(beyond: mark)
                }
            }
            return .shutDown
        } onGracefulShutdown: {
            self.isEnding.withLock { $0 = true }
            self.changes.increment()
        }
    }

    /// Runs the station, in a group of its own, until the record wants another one.
    private func runStation(_ record: CameraRecord) async {
        let logger = surroundings.logger
        let service = SupervisedService(
            "camera \(record.alias)", clock: surroundings.clock, logger: logger
        ) { [self] in
            // A station that failed may have left a gap open.
            noteGap()
            let station = try surroundings.make(record, gap.withLock { $0 })
            current.value = station
            changes.increment()
            return ServiceBundle(station.services, logger: logger)
        }
        supervisor.value = service
        var configuration = ServiceGroupConfiguration(services: [service], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.patience
        let group = ServiceGroup(configuration: configuration)
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                await self.untilOther(than: record)
                await group.triggerGracefulShutdown()
            }
            // It throws only when it is cancelled: the supervised service itself never does.
            try? await group.run()
            tasks.cancelAll()
        }
        noteGap()
        current.value = nil
        supervisor.value = nil
        changes.increment()
    }

    private func noteGap() {
        guard let station = current.value else { return }
        gap.withLock { $0 = station.gap }
    }

    private func untilOther(than record: CameraRecord) async {
        while !Task.isCancelled {
            let mark = changes.value
            guard let now = self.record, record.runs(as: now) else { return }
            try? await changes.wait(beyond: mark)
        }
    }

    private func notePause() async {
        let isNew = gap.withLock { gap in
            defer { gap = .paused }
            return gap != .paused
        }
        guard isNew else { return }
        let now = surroundings.clock.now()
        surroundings.logger.notice("camera paused", metadata: ["camera": "\(record?.alias.text ?? "")"])
        await surroundings.note(
            Coverage(change: .cameraPaused, camera: id, at: now, reason: "The owner paused the camera."))
    }

    private func noteRemoval() async {
        gap.withLock { $0 = .none }
        await surroundings.note(Coverage(change: .cameraRemoved, camera: id, at: surroundings.clock.now()))
    }
}
