import Foundation
import GuardianArchive
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianOperations
import GuardianTestKit
import Testing

/// The archive at a recorder: clips in its store, its ledger, and the archiver that sends them to a node.
final class RecorderSide: Sendable {
    let fixture: ArchiveFixture
    let store: ClipStore
    let ledger: ArchiveLedger
    let journal: Journal
    let camera = Sample.front

    init(_ fixture: ArchiveFixture) throws {
        self.fixture = fixture
        store = ClipStore(folder: fixture.node.folder.path("clips"), keepFree: 0, logger: ArchiveFixture.quiet)
        ledger = try ArchiveLedger(path: fixture.node.folder.path("archive.sqlite"))
        journal = try fixture.node.journal()
    }

    func settings(port: Int) -> ArchiveSettings {
        var settings = ArchiveSettings(
            recipients: [self.fixture.owner.xWing], deviceKey: fixture.node.key,
            node: NodeTarget(host: "localhost", port: port, credentials: fixture.node.edgeFiles))
        settings.drain = .zero
        return settings
    }

    /// Runs the archiver while `body` runs.
    func archiving<Result: Sendable>(
        _ settings: ArchiveSettings, clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock(),
        _ body: @Sendable (Archiver) async throws -> Result
    ) async throws -> Result {
        let archiver = Archiver(
            ledger: ledger, store: store, journal: journal, settings: settings,
            folder: fixture.node.folder.path("marks"), clock: clock, monotonic: monotonic, logger: fixture.log.logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await archiver.run() }
            defer { group.cancelAll() }
            return try await body(archiver)
        }
    }

    /// Writes a clip that was recorded some time ago and is wanted.
    func oldClip(_ size: Int, _ age: Int64 = 3_600_000) async throws -> ClipID {
        let clip = ClipID.v7(at: SystemClock().now() + -age)
        try await recorded(clip, size, age)
        return clip
    }

    /// Writes a complete clip with a given ID, which is wanted.
    func recorded(_ clip: ClipID, _ size: Int, _ age: Int64 = 0) async throws {
        try await write(clip, [UInt8](repeating: UInt8(truncatingIfNeeded: age), count: size))
        try await want(clip)
    }

    /// Begins a clip that is being recorded and is wanted; `grow` appends to it.
    func liveClip(_ first: Int) async throws -> ClipID {
        let clip = ClipID.v7(at: SystemClock().now())
        try await write(clip, [])
        try grow(clip, by: first)
        try await want(clip)
        return clip
    }

    /// Adds the clip to the ledger, with an event without a snapshot, which would be sent before it.
    private func want(_ clip: ClipID) async throws {
        let event = Sample.event(camera: camera, state: .closed, clips: [clip]).changed { $0.snapshot = nil }
        try await ledger.want([event], throughPosition: 0)
    }

    private func write(_ clip: ClipID, _ bytes: [UInt8]) async throws {
        let url = store.url(of: clip, camera: camera)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func grow(_ clip: ClipID, by count: Int) throws {
        let file = try FileHandle(forWritingTo: store.url(of: clip, camera: camera))
        let end = try file.seekToEnd()
        try file.write(contentsOf: Data(repeating: 1, count: count))
        try file.close()
        store.note(clip, length: Int64(end) + Int64(count))
    }

    func end(_ clip: ClipID) { store.noteClosed(clip) }

    /// Returns the bytes of clips that the node has acknowledged, stored or not.
    func durable(of clips: [ClipID]) async throws -> Int64 {
        var sum: Int64 = 0
        for clip in clips {
            sum += try await fixture.number(
                "SELECT coalesce(sum(size), 0) FROM parts WHERE subject = x'\(clip.description.replacing("-", with: ""))'"
            )
        }
        return sum
    }

    func state(of clip: ClipID) async throws -> LedgerClip? { try await ledger.states(of: [clip])[clip] }
}
