import GuardianCore
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("Gaps in coverage")
struct CoverageTests {
    private let folder = TemporaryFolder()

    private func gaps(
        _ changes: [(Coverage.Change, CameraID?, Int64)], camera: CameraID? = nil, from: Int64 = 0, to: Int64 = 1_000
    ) async throws -> [String] {
        let journal = try Journal(path: folder.path("j.sqlite"), key: DeviceKey())
        try await journal.append(
            changes.map { .coverage(Coverage(change: $0.0, camera: $0.1, at: Sample.start + $0.2)) }, at: Sample.start)
        return try await journal.catalogue.gaps(
            cameras: camera.map { [$0] }, from: Sample.start + from, to: Sample.start + to
        ).map {
            "\($0.reason.rawValue) \($0.from - Sample.start)…\($0.to.map { "\($0 - Sample.start)" } ?? "")"
        }
    }

    @Test("last from a loss to its return")
    func simple() async throws {
        #expect(
            try await gaps([
                (.started, nil, 0), (.cameraLost, Sample.front, 100), (.watchLost, nil, 150),
                (.cameraBack, Sample.front, 200), (.watchBack, nil, 250), (.diskFull, nil, 300),
            ]) == ["disk_full 300…", "watch_lost 150…250", "camera_lost 100…200"])
    }

    @Test("end when the recorder itself is away, which is a gap of its own")
    func recorder() async throws {
        #expect(
            try await gaps([
                (.started, nil, 0), (.cameraLost, Sample.front, 100), (.fell, nil, 200), (.started, nil, 300),
                (.stopped, nil, 400),
            ]) == ["stopped 400…", "fell 200…300", "camera_lost 100…200"])
    }

    @Test("are found though they began before, or end after, the time asked for")
    func overlap() async throws {
        let changes: [(Coverage.Change, CameraID?, Int64)] = [
            (.cameraLost, Sample.front, 100), (.cameraBack, Sample.front, 900),
        ]
        #expect(try await gaps(changes, from: 400, to: 500) == ["camera_lost 100…900"])
    }

    @Test("outside the time asked for are left out")
    func outside() async throws {
        let changes: [(Coverage.Change, CameraID?, Int64)] = [
            (.cameraLost, Sample.front, 100), (.cameraBack, Sample.front, 200), (.cameraLost, Sample.front, 900),
        ]
        #expect(try await gaps(changes, from: 300, to: 800).isEmpty)
    }

    @Test("of one camera are its own and those of all cameras")
    func oneCamera() async throws {
        let changes: [(Coverage.Change, CameraID?, Int64)] = [
            (.cameraLost, Sample.front, 100), (.cameraLost, Sample.yard, 200), (.watchLost, nil, 300),
        ]
        #expect(try await gaps(changes, camera: Sample.front) == ["watch_lost 300…", "camera_lost 100…"])
    }

    @Test("count from the first of two losses in a row")
    func twice() async throws {
        #expect(
            try await gaps([
                (.cameraLost, Sample.front, 100), (.cameraLost, Sample.front, 200), (.cameraBack, Sample.front, 300),
            ]) == ["camera_lost 100…300"])
    }

    @Test("of a camera that is lost, paused and lost again have each their own reason")
    func paused() async throws {
        #expect(
            try await gaps([
                (.cameraLost, Sample.front, 100), (.cameraPaused, Sample.front, 200), (.cameraLost, Sample.front, 300),
                (.cameraBack, Sample.front, 400),
            ]) == ["camera_lost 300…400", "camera_paused 200…300", "camera_lost 100…200"])
    }

    @Test("end when a camera is removed: afterwards nothing is claimed about it")
    func removed() async throws {
        #expect(
            try await gaps([
                (.cameraPaused, Sample.front, 100), (.cameraRemoved, Sample.front, 200),
                (.cameraLost, Sample.yard, 300),
            ]) == ["camera_lost 300…", "camera_paused 100…200"])
    }
}
