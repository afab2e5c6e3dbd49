import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Synchronization
import Testing

@Suite("What an owner chooses of the archive")
struct ArchiveSettingsTests {
    private let folder = TemporaryFolder()
    private let log = LogBook()
    private let cameras: Set<CameraAlias>

    init() throws { cameras = Set(try ["front", "yard"].map { try #require(CameraAlias($0)) }) }

    private func store(fixed: ArchiveForm = ArchiveForm()) -> EdgeSettingsStore {
        EdgeSettingsStore(
            path: folder.path("settings.json"), fixed: RecordingForm(), fixedArchive: fixed,
            clock: ManualClock(Sample.start), logger: log.logger)
    }

    private func form(_ json: String) throws -> ArchiveForm {
        try JSONDecoder().decode(ArchiveForm.self, from: Data(json.utf8))
    }

    private final class Changed: Sendable {
        let names = Mutex<[String]>([])
    }

    private func change(_ store: EdgeSettingsStore, _ json: String) async throws -> [String] {
        let changed = Changed()
        try await store.changeArchive(try form(json), cameras: cameras) { settings in
            changed.names.withLock { $0 = settings.map(\.rawValue) }
        }
        return changed.names.withLock { $0 }
    }

    @Test("is everything, without a limit, until somebody says otherwise; and what is said stays")
    func kept() async throws {
        let settings = store()
        #expect(settings.archive == ArchiveForm())
        #expect(try await change(settings, #"{"cameras": ["yard"]}"#) == ["cameras"])
        #expect(try await change(settings, #"{"cameras": ["yard"], "kilobits": 800}"#) == ["kilobits"])
        #expect(try await change(settings, #"{"cameras": ["yard"], "kilobits": 800}"#).isEmpty)
        #expect(store().archive == settings.archive)
        #expect(store().archive.cameras?.value?.map(\.description) == ["yard"])
        #expect(try await change(settings, #"{"cameras": null, "kilobits": null}"#) == ["cameras", "kilobits"])
        #expect(store().archive.cameras?.value == nil && store().archive.kilobits?.value == nil)
    }

    @Test(
        "names each camera once, one that there is, and a bandwidth within the limits",
        arguments: [
            (#"{"cameras": []}"#, "archive.cameras"), (#"{"cameras": ["shed"]}"#, "archive.cameras"),
            (#"{"cameras": ["yard", "yard"]}"#, "archive.cameras"), (#"{"kilobits": 7}"#, "archive.kilobits"),
            (#"{"kilobits": 100000001}"#, "archive.kilobits"),
        ])
    func refusals(json: String, field: String) async throws {
        let settings = store()
        let error = await #expect(throws: GuardianError.self) { try await change(settings, json) }
        #expect(error?.context["field"] == field)
        #expect(settings.archive == ArchiveForm())
    }

    @Test("keeps a camera that was chosen and is gone, so that the rest can be changed")
    func gone() async throws {
        let settings = store()
        _ = try await change(settings, #"{"cameras": ["front", "yard"]}"#)
        try await settings.changeArchive(
            try form(#"{"cameras": ["front", "yard"], "kilobits": 800}"#), cameras: []
        ) { _ in }
        #expect(settings.archive.kilobits?.value == 800)
    }

    @Test("gives way to the configuration file, and comes back when that says nothing any more")
    func fixed() async throws {
        _ = try await change(store(), #"{"kilobits": 800}"#)
        let fixed = store(fixed: ArchiveForm(kilobits: .value(100)))
        #expect(fixed.archive.kilobits?.value == 100)
        let error = await #expect(throws: GuardianError.self) { try await change(fixed, #"{"kilobits": 200}"#) }
        #expect(error?.context["field"] == "archive.kilobits")
        #expect(try await change(fixed, #"{"cameras": ["front"], "kilobits": 100}"#) == ["cameras"])
        #expect(store().archive.kilobits?.value == 800)
    }

    @Test(
        "is set aside with the rest when the file is damaged",
        arguments: [
            #"{"cameras": []}"#, #"{"kilobits": 1}"#, #"{"kilobits": "many"}"#, #"{"speed": 1}"#,
        ])
    func damaged(archive: String) throws {
        try Data(#"{"version": 1, "recording": {}, "archive": \#(archive)}"#.utf8)
            .write(to: folder.url.appending(path: "settings.json"))
        #expect(store().archive == ArchiveForm())
        #expect(!FileManager.default.fileExists(atPath: folder.path("settings.json")))
    }
}
