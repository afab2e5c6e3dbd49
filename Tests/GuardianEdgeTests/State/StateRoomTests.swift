import Foundation
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("The room of the state folder")
struct StateRoomTests {
    private let folder = TemporaryFolder()

    private func room(free: Int64) -> StateRoom {
        StateRoom(
            state: folder.path(""), snapshots: folder.path("snapshots"), databases: [folder.path("edge.sqlite")],
            inferenceFolder: folder.path("ai"), space: { _ in DiskSpace(capacity: 1 << 40, free: free) })
    }

    /// Makes a sparse file.
    private func file(_ name: String, bytes: Int64) throws {
        let url = URL(filePath: folder.path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: url)
        try #require(truncate(url.path, off_t(bytes)) == 0)
    }

    @Test("has no problem while there is room")
    func none() throws {
        try file("edge.sqlite-wal", bytes: StateRoom.log)
        try file("ai/pid", bytes: 5)
        #expect(room(free: StateRoom.warning).problems().isEmpty)
    }

    @Test("is a warning first, then an error, and pictures stop before the journal does")
    func full() throws {
        #expect(room(free: StateRoom.warning - 1).problems().map(\.severity) == [.warning])
        #expect(room(free: StateRoom.pictures - 1).problems().map(\.severity) == [.error, .error])
        let full = SnapshotStore(
            folder: folder.path("full"), space: { _ in DiskSpace(capacity: 1 << 40, free: StateRoom.pictures - 1) })
        let error = #expect(throws: GuardianError.self) {
            try full.write(Data([1]), of: .v7(at: Sample.start), width: 1, height: 1, at: Sample.start)
        }
        #expect(error?.code == .resourceExhausted)
    }

    @Test("names a log of the database and a folder of the AI service that have grown")
    func grown() throws {
        try file("edge.sqlite-wal", bytes: StateRoom.log + 1)
        try file("ai/pid", bytes: 5)
        try file("ai/left", bytes: StateRoom.inference)
        #expect(
            room(free: 1 << 40).problems().map(\.where) == [folder.path("edge.sqlite"), folder.path("ai")])
    }

    @Test("counts a disk whose space cannot be read as one with room")
    func unknown() {
        let room = StateRoom(
            state: "/", snapshots: "/", databases: [], inferenceFolder: folder.path("none"),
            space: { _ in throw GuardianError(.notFound, "none") })
        #expect(room.problems().isEmpty)
    }
}
