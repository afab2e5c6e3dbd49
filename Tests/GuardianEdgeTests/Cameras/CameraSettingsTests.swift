import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianTestKit
import Testing

import GuardianEdge

@Suite("The cameras' settings")
struct CameraSettingsTests {
    private let temporary = TemporaryFolder()
    private let folder: StateFolder
    private let clock = ManualClock(Sample.start)
    private let log = LogBook()

    init() throws { folder = try StateFolder(path: temporary.path("state")) }

    private func camera(_ alias: String, _ source: String? = nil, name: String? = nil) throws -> CameraConfiguration {
        try CameraConfiguration(
            alias: try #require(CameraAlias(alias)), name: name ?? alias,
            source: Secret(source ?? "rtsp://u:hunter2@\(alias)/main"))
    }

    private func settings(_ imported: [CameraConfiguration]? = nil) throws -> CameraSettingsStore {
        try CameraSettingsStore(folder, importing: imported, clock: clock, logger: log.logger)
    }

    private func add(_ alias: String, to settings: CameraSettingsStore) async throws {
        let camera = try camera(alias)
        try await settings.change { list, identify in
            try list.add(CameraRecord(id: try identify(camera.alias), camera: camera))
        }
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func aliases(_ settings: CameraSettingsStore) -> [String] { settings.list.records.map(\.alias.text) }

    private func setAside() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains(".damaged-") }
    }

    @Test("survive a restart, with secrets apart, in files for this user only")
    func secrets() async throws {
        let first = try settings()
        try await add("yard", to: first)
        try await add("gate", to: first)
        let yard = try #require(CameraAlias("yard"))
        try await first.change { list, _ in _ = try list.change(yard) { $0.pausedSince = Sample.start } }
        #expect(try settings().list == first.list)
        let shown = try text(folder.cameraSettings)
        #expect(shown.contains("rtsp://yard/main") && !shown.contains("hunter2") && !shown.contains("u:"))
        #expect(try text(folder.cameraPasswords).contains("rtsp://u:hunter2@yard/main"))
        for path in [folder.cameraSettings, folder.cameraPasswords] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        #expect(!"\(first.list)".contains("hunter2"))
    }

    @Test("of an edge with nothing but a configuration file are that file, in its order")
    func onlyFile() throws {
        let file = try [camera("front"), camera("yard")]
        let first = try settings(file)
        #expect(first.list.records.map(\.camera) == file && first.list.records.allSatisfy(\.isImported))
        let changed = try [camera("yard", "rtsp://u:other@yard/main", name: "Yard"), camera("gate")]
        let second = try settings(changed)
        #expect(second.list.records.map(\.camera) == changed)
        #expect(second.list.records.first?.id == first.list.records.last?.id)
        #expect(try settings([]).list.records.isEmpty)
        #expect(log.text.isEmpty)
    }

    @Test("keep what was changed, added or removed at run time while the file says the same as before")
    func merge() async throws {
        let file = try [camera("front"), camera("yard"), camera("gate")]
        let first = try settings(file)
        try await add("attic", to: first)
        let (front, yard) = (try #require(CameraAlias("front")), try #require(CameraAlias("yard")))
        let renamed = try camera("front", name: "Renamed")
        try await first.change { list, _ in
            _ = try list.change(front) { $0.camera = renamed }
            _ = try list.remove(yard)
        }
        let second = try settings(file)
        #expect(aliases(second) == ["front", "gate", "attic"] && second.list[front]?.camera.name == "Renamed")
        // Another camera changed: that says nothing about these two.
        let third = try settings([camera("front"), camera("yard"), camera("gate", "rtsp://new/main")])
        #expect(aliases(third) == ["front", "gate", "attic"] && third.list[front]?.camera.name == "Renamed")
        // The file says something new of this one.
        let fourth = try settings([camera("front", name: "Door"), camera("yard"), camera("gate", "rtsp://new/main")])
        #expect(fourth.list[front]?.camera.name == "Door")
        #expect(try aliases(settings([camera("gate", "rtsp://new/main")])) == ["gate", "attic"])
        #expect(try aliases(settings(nil)) == ["gate", "attic"])
    }

    @Test("of a camera that is added with its id again are its UUID's")
    func identity() async throws {
        let first = try settings()
        try await add("yard", to: first)
        let yard = try #require(CameraAlias("yard"))
        let id = try #require(first.list[yard]?.id)
        try await first.change { list, _ in _ = try list.remove(yard) }
        #expect(first.aliases[id] == yard)
        try await add("yard", to: first)
        #expect(first.list[yard]?.id == id)
    }

    @Test("are 64 at most, from the file and from people")
    func bound() async throws {
        let file = try (1...62).map { try camera("c\($0)") }
        let first = try settings(file)
        try await add("attic", to: first)
        try await add("barn", to: first)
        let error = try #require(await #expect(throws: GuardianError.self) { try await add("cellar", to: first) })
        #expect(error.code == .resourceExhausted && first.list.records.count == 64)
        let second = try settings(file + [camera("late")])
        #expect(second.list.records.count == 64 && second.problems.count == 1)
        #expect(log.count(of: "cameras of the configuration left out") == 1)
    }

    @Test(
        "that are damaged are set aside and said, and what the file says is recorded",
        arguments: ["{", "{}", #"{"version":9}"#])
    func damaged(text damage: String) async throws {
        let file = [try camera("front")]
        try await add("attic", to: try settings(file))
        try Data(damage.utf8).write(to: URL(filePath: folder.cameraSettings))
        let second = try settings(file)
        #expect(aliases(second) == ["front"])
        let aside = try setAside()
        #expect(aside.count == 1 && second.problems.map(\.where).contains { $0.hasSuffix(aside.first ?? "?") })
        #expect(try text("\(folder.path)/\(aside.first ?? "")") == damage)
        #expect(log.count(of: "camera settings damaged and set aside") == 1)
        #expect(try aliases(settings(file)) == ["front"] && setAside().count == 1)
    }

    @Test("of one camera that somebody wrote wrongly do not take the others with them")
    func oneWrong() async throws {
        let first = try settings()
        try await add("attic", to: first)
        try await add("barn", to: first)
        let wrong = try text(folder.cameraSettings).replacing("rtsp://barn/main", with: "http://barn/main")
        try Data(wrong.utf8).write(to: URL(filePath: folder.cameraSettings))
        let second = try settings()
        #expect(aliases(second) == ["attic"] && second.problems.count == 1)
        #expect(try setAside().count == 1)
        #expect(second.list.records.first?.camera.source.reveal() == "rtsp://u:hunter2@attic/main")
    }

    @Test("without their passwords still name every camera, and the file's come from the file again")
    func passwordsDamaged() async throws {
        let file = [try camera("front")]
        try await add("attic", to: try settings(file))
        try Data("{".utf8).write(to: URL(filePath: folder.cameraPasswords))
        let second = try settings(file)
        #expect(
            second.list.records.map { $0.camera.source.reveal() } == [
                "rtsp://u:hunter2@front/main", "rtsp://attic/main",
            ])
        #expect(second.problems.count == 1)
    }

    @Test("never tell a password to another address than the one that it was given for")
    func mixed() async throws {
        try await add("attic", to: try settings())
        let moved = try text(folder.cameraSettings).replacing("rtsp://attic/main", with: "rtsp://evil/main")
        try Data(moved.utf8).write(to: URL(filePath: folder.cameraSettings))
        #expect(try settings().list.records.map { $0.camera.source.reveal() } == ["rtsp://evil/main"])
    }

    @Test("that cannot be written have not changed")
    func unwritable() async throws {
        let first = try settings()
        try await add("attic", to: first)
        // A folder in the place of the temporary file cannot be replaced.
        try FileManager.default.createDirectory(
            atPath: "\(folder.cameraPasswords).new/x", withIntermediateDirectories: true)
        let error = try #require(await #expect(throws: GuardianError.self) { try await add("barn", to: first) })
        #expect(error.code == .resourceExhausted && aliases(first) == ["attic"])
        #expect(try aliases(settings([camera("front")])) == ["front", "attic"])
        #expect(log.count(of: "camera settings cannot be written") == 1)
    }

    @Test("are what they were, passwords too, when only one of the two files can be written")
    func halfWritten() async throws {
        let first = try settings([camera("front")])
        try await add("attic", to: first)
        let before = first.list.records
        let obstacle = "\(folder.cameraSettings).new"
        try FileManager.default.createDirectory(atPath: "\(obstacle)/x", withIntermediateDirectories: true)
        let attic = try #require(CameraAlias("attic"))
        let error = try #require(
            await #expect(throws: GuardianError.self) {
                try await first.change { list, _ in _ = try list.remove(attic) }
            })
        #expect(error.code == .resourceExhausted)
        // A camera of the configuration that could not be written is merged in again once it can.
        #expect(try aliases(settings([camera("front"), camera("barn")])).contains("barn"))
        try FileManager.default.removeItem(atPath: obstacle)
        #expect(try settings([camera("front")]).list.records.filter { $0.alias.text != "barn" } == before)
        #expect(try aliases(settings([camera("front"), camera("barn")])).contains("barn"))
    }

    @Test("are exported as YAML that is read again, without passwords unless they are asked for")
    func export() async throws {
        let first = try settings([camera("front", "rtsp://u:p%22x@front/live", name: "A “door” \"1\"")])
        try await add("attic", to: first)
        for withPasswords in [true, false] {
            let yaml = try CameraExport.yaml(state: folder.path, withPasswords: withPasswords)
            let again = try EdgeConfiguration(ConfigurationFile(text: yaml, name: "edge.yaml").root).cameras
            #expect(again.map(\.name) == first.list.records.map(\.camera.name))
            #expect((again == first.list.records.map(\.camera)) == withPasswords)
            #expect(yaml.contains("hunter2") == withPasswords && yaml.contains("Without passwords") != withPasswords)
        }
    }
}
