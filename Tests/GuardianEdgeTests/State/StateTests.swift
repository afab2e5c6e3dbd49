import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import Logging
import Testing

private final class Folder {
    let path = NSTemporaryDirectory() + "guardian-state-\(UUID().uuidString)"
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

private let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

@Suite("What an edge keeps")
struct StateTests {
    private let folder = Folder()
    private let noon = Timestamp(milliseconds: 1_795_500_000_000)

    @Test("a second edge with the same folder is refused")
    func lock() throws {
        let first = try StateFolder(path: folder.path)
        let error = try #require(#expect(throws: GuardianError.self) { try StateFolder(path: folder.path) })
        #expect(error.code == .alreadyExists)
        #expect(error.message.contains(first.path))
    }

    @Test("a camera keeps its UUID for good")
    func identities() throws {
        let state = try StateFolder(path: folder.path)
        let (front, yard) = (try #require(CameraAlias("front")), try #require(CameraAlias("yard")))
        var identities = try CameraIdentityFile(path: state.cameras)
        let id = try identities.identify(front, at: noon)
        var again = try CameraIdentityFile(path: state.cameras)
        #expect(try again.identify(front, at: noon + 1000) == id)
        #expect(try again.identify(yard, at: noon) != id)
    }

    @Test("a damaged file of UUIDs is not overwritten: new UUIDs would orphan the footage")
    func damagedIdentities() throws {
        let state = try StateFolder(path: folder.path)
        try Data("{".utf8).write(to: URL(fileURLWithPath: state.cameras))
        let error = try #require(#expect(throws: GuardianError.self) { try CameraIdentityFile(path: state.cameras) })
        #expect(error.code == .dataLoss)
        #expect(try String(contentsOfFile: state.cameras, encoding: .utf8) == "{")
    }

    @Test("a picture's file is found by what the journal knows of it")
    func snapshot() throws {
        let store = SnapshotStore(folder: folder.path)
        let event = EventID.v7(at: noon)
        let jpeg = Data([0xFF, 0xD8, 0xFF, 1, 2, 3])
        let snapshot = try store.write(jpeg, of: event, width: 640, height: 480, at: noon)
        #expect(snapshot.sha256 == .sha256(of: Array(jpeg)))
        #expect(try Data(contentsOf: URL(fileURLWithPath: store.path(of: snapshot, event: event))) == jpeg)
        store.remove(snapshot, of: event)
        #expect(!FileManager.default.fileExists(atPath: store.path(of: snapshot, event: event)))
    }

    @Test("after a crash the next edge records since when nothing was watched, and closes what was open")
    func recovery() async throws {
        let state = try StateFolder(path: folder.path)
        let journal = try Journal(path: state.database, key: DeviceKey.open(path: state.deviceKey))
        let camera = CameraID.v7(at: noon)
        let event = Event(
            id: .v7(at: noon), camera: camera, label: .person, state: .open, confidence: 0.9,
            box: Box(x: 0.1, y: 0.1, width: 0.1, height: 0.3), startedAt: noon, endedAt: noon + 2000)
        let judgement = Judgement(software: "test", model: .sha256(of: []), thresholds: [:], clock: .unknown)
        try await journal.append([.eventOpened(event, judgement)], at: noon)
        let recovery = Recovery(journal: journal, clock: SystemClock(), logger: silent)
        try await recovery.write(recovery.findings(lastBeat: noon + 3000))
        let after = try #require(try await journal.catalogue.event(event.id))
        #expect(after.state == .interrupted)
        #expect(after.endedAt == event.endedAt)
        let gaps = try await journal.catalogue.gaps(from: noon, to: SystemClock().now())
        #expect(gaps.count == 1)
        #expect(gaps.first?.from == noon + 3000)
        #expect(gaps.first?.reason == .fell)
        #expect(gaps.first?.to != nil)
    }
}
