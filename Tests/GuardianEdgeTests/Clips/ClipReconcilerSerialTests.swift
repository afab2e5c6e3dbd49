import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("Files and journal are brought together", .timeLimit(.minutes(10)))
struct ClipReconcilerSerialTests {
    private let camera = Sample.front
    private let footage: Footage
    private let store: ClipStore
    private let journal: Journal
    private let reconciler: ClipReconciler
    private let noon = Timestamp(milliseconds: 1_790_000_000_123)

    init() throws {
        footage = try Footage()
        store = ClipStore(folder: footage.path("clips"), keepFree: 1, logger: LogBook().logger)
        journal = try Journal(path: footage.path("edge.sqlite"), key: DeviceKey())
        reconciler = ClipReconciler(
            store: store, journal: journal, monotonic: TestClock(stepping: true), logger: LogBook().logger)
    }

    /// Writes a clip that was left open `age` milliseconds after noon.
    private func leftover(age: Int64, packets count: Int) throws -> ClipID {
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 4))
        let id = ClipID.v7(at: noon + age)
        let first = try #require(packets.first)
        let file = try ClipFile(creating: store.url(of: id, camera: camera), stream: stream, first: first)
        for packet in packets.prefix(count).dropFirst() { try file.append(packet) }
        return id
    }

    private func clip(_ id: ClipID) async throws -> Clip? { try await journal.catalogue.clip(id)?.clip }

    private func path(_ id: ClipID) -> String { store.url(of: id, camera: camera).path }

    @Test("closes clips that a crash left open, and leaves closed ones alone")
    func adoption() async throws {
        let unknown = try leftover(age: 0, packets: 60)
        let known = try leftover(age: 1000, packets: 40)
        let short = try leftover(age: 2000, packets: 1)
        let empty = try leftover(age: 3000, packets: 1)
        try #require(truncate(path(empty), 40) == 0)
        let handle = try FileHandle(forWritingTo: store.url(of: known, camera: camera))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data([0, 0, 16, 0] + Array("moof".utf8) + [1, 2, 3]))
        try handle.close()
        let open = Clip(
            id: known, camera: camera, state: .recording, startedAt: noon + 1000, duration: 0, size: 0, sha256: nil,
            contentType: "video/mp4; codecs=\"avc1.42c00d\"", missingPackets: 7)
        try await journal.append([.clipOpened(open)], at: noon)
        try await reconciler.reconcile(store.folder)
        var clips: [Clip] = []
        for id in [unknown, known, short, empty] { clips.append(try #require(try await clip(id))) }
        #expect(clips.allSatisfy { $0.state == .interrupted && $0.camera == camera })
        #expect(clips[0].startedAt == noon)
        #expect(abs(clips[0].duration - 4000) < 1100 && clips[0].contentType.contains("avc1."))
        #expect(clips[1].missingPackets == 7 && abs(clips[1].duration - 2000) < 100)
        #expect(clips[2].duration > 0 && clips[2].duration < 100, "one picture")
        #expect(clips[3].duration == 0)
        for clip in clips.prefix(3) {
            #expect(try Tool.decodingErrors(path(clip.id)) == "")
            #expect(try store.extent(of: clip.id, camera: camera).length == clip.size)
        }
        let entries = journal.position
        try await reconciler.reconcile(store.folder)
        #expect(journal.position == entries, "closed clips stay as they are")
        #expect(FileManager.default.fileExists(atPath: path(empty)))
    }

    @Test("finishes a deletion that a crash cut short after its tombstone, and undoes one before it")
    func removals() async throws {
        let (deleted, kept) = (try leftover(age: 0, packets: 20), try leftover(age: 1000, packets: 20))
        try await reconciler.reconcile(store.folder)
        try await journal.append([.tombstone(Tombstone(subject: .clip(deleted), reason: .expired))], at: noon)
        for id in [deleted, kept] { try #require(rename(path(id), path(id) + ".removing") == 0) }
        try await reconciler.reconcile(store.folder)
        let files = FileManager.default
        #expect(!files.fileExists(atPath: path(deleted)) && !files.fileExists(atPath: path(deleted) + ".removing"))
        #expect(files.fileExists(atPath: path(kept)) && !files.fileExists(atPath: path(kept) + ".removing"))
    }

    @Test("neither deletes nor adopts a file behind a tombstone, and the doctor names it")
    func behindTombstone() async throws {
        let state = footage.path("state")
        let (clips, folder) = ("\(state)/clips", try StateFolder(path: state))
        _ = try DeviceKey.open(path: folder.deviceKey)
        let journal = try Journal(path: folder.database, key: DeviceKey.open(path: folder.deviceKey))
        let store = ClipStore(folder: clips, keepFree: 1, logger: LogBook().logger)
        let id = ClipID.v7(at: noon)
        let url = store.url(of: id, camera: camera)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: path(try leftover(age: 0, packets: 20)), toPath: url.path)
        try await journal.append([.tombstone(Tombstone(subject: .clip(id), reason: .expired))], at: noon)
        let position = journal.position
        try await ClipReconciler(store: store, journal: journal, logger: LogBook().logger).reconcile(clips)
        #expect(journal.position == position && FileManager.default.fileExists(atPath: url.path))
        try journal.close()
        let findings = try EdgeVerification.run(state: state, beside: nil).findings
        #expect(findings.map(\.where) == [url.path])
    }
}
