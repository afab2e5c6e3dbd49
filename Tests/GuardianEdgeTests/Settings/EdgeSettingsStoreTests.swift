import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("The store of settings")
struct EdgeSettingsStoreTests {
    private let folder = TemporaryFolder()
    private let log = LogBook()

    private var path: String { folder.path("settings.json") }

    private func store(fixed: RecordingForm = RecordingForm()) -> EdgeSettingsStore {
        EdgeSettingsStore(path: path, fixed: fixed, clock: ManualClock(Sample.start), logger: log.logger)
    }

    private func form(_ json: String) throws -> RecordingForm {
        try JSONDecoder().decode(RecordingForm.self, from: Data(json.utf8))
    }

    private func refusal(_ store: EdgeSettingsStore, _ json: String, capacity: Int64? = nil) async throws -> String? {
        let form = try form(json)
        let error = await #expect(throws: GuardianError.self) {
            try await store.change(form, capacity: capacity) { _ in
                throw GuardianError(.internal, "Nothing is recorded of what is refused.")
            }
        }
        return error?.context["field"]
    }

    @Test("begins with the usual values, and writes nothing")
    func usual() {
        let recording = store().recording
        #expect(recording.preRoll == 5 && recording.postRoll == 5 && recording.maximum == 300)
        #expect(recording.unanalysed && recording.keepFree == 2048 << 20)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("keeps what was set, and only that, in a file for this user")
    func kept() async throws {
        let settings = store()
        try await settings.change(try form(#"{"preRoll": 9}"#), capacity: nil) { #expect($0 == [.preRoll]) }
        try await settings.change(try form(#"{"unanalysed": false}"#), capacity: nil) {
            #expect($0 == [.unanalysed])
        }
        #expect(settings.recording.preRoll == 9 && !settings.recording.unanalysed)
        let again = store().recording
        #expect(again == settings.recording && again.form.names == ["preRoll", "unanalysed"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test(
        "refuses what the configuration file would refuse, by the name of the setting",
        arguments: [
            (#"{"preRoll": 1}"#, "recording.preRoll"), (#"{"postRoll": 61}"#, "recording.postRoll"),
            (#"{"maximum": 9}"#, "recording.maximum"), (#"{"preRoll": 5, "maximum": 3601}"#, "recording.maximum"),
            (#"{"keepFreeMegabytes": 63}"#, "recording.keepFreeMegabytes"),
            (#"{"keepDays": 0}"#, "recording.keepDays"), (#"{"keepDays": 36501}"#, "recording.keepDays"),
        ])
    func limits(json: String, field: String) async throws {
        let settings = store()
        #expect(try await refusal(settings, json) == field)
        #expect(settings.recording == store().recording && settings.recording.form == RecordingForm())
    }

    @Test("keeps that clips are deleted after some days, and that they are not any more")
    func keepDays() async throws {
        #expect(store().recording.keepDays == nil)
        try await store().change(try form(#"{"keepDays": 30}"#), capacity: nil) { #expect($0 == [.keepDays]) }
        #expect(store().recording.keepDays == 30)
        try await store().change(try form(#"{"preRoll": 9}"#), capacity: nil) { _ in }
        #expect(store().recording.keepDays == 30)
        try await store().change(try form(#"{"keepDays": null}"#), capacity: nil) { #expect($0 == [.keepDays]) }
        #expect(store().recording.keepDays == nil && store().recording.preRoll == 9)
        try await store().change(try form(#"{"keepDays": null}"#), capacity: nil) {
            Issue.record("\($0) did not change")
        }
    }

    @Test(
        "a form says what was said, and nothing else, however it is written",
        arguments: [
            "{}", #"{"keepDays":null}"#, #"{"keepDays":7}"#,
            #"{"keepDays":7,"keepFreeMegabytes":64,"maximum":10,"postRoll":1,"preRoll":2,"unanalysed":false}"#,
        ])
    func coded(json: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(form(json)), as: UTF8.self) == json)
    }

    @Test("keeps at most nine tenths of the disk free")
    func disk() async throws {
        let settings = store()
        let capacity: Int64 = 10_000 << 20
        #expect(
            try await refusal(settings, #"{"keepFreeMegabytes": 9001}"#, capacity: capacity)
                == "recording.keepFreeMegabytes")
        try await settings.change(try form(#"{"keepFreeMegabytes": 9000}"#), capacity: capacity) { _ in }
        #expect(settings.recording.keepFree == 9_000 << 20)
    }

    @Test("lets the configuration file win by each setting, and what was stored holds once the file says nothing")
    func fixed() async throws {
        try await store().change(try form(#"{"preRoll": 9, "postRoll": 8}"#), capacity: nil) { _ in }
        let settings = store(fixed: try form(#"{"preRoll": 20}"#))
        #expect(settings.recording.preRoll == 20 && settings.recording.postRoll == 8)
        #expect(try await refusal(settings, #"{"preRoll": 21}"#) == "recording.preRoll")
        try await settings.change(try form(#"{"preRoll": 20, "postRoll": 7}"#), capacity: nil) {
            #expect($0 == [.postRoll])
        }
        #expect(settings.recording.preRoll == 20 && settings.recording.postRoll == 7)
        #expect(store().recording.preRoll == 9 && store().recording.postRoll == 7)
    }

    @Test("is told by the configuration file which settings that sets")
    func configured() throws {
        let text = "state: /nonexistent\nrecording: {preRoll: 7, keepFreeMegabytes: 1000}"
        let configuration = try EdgeConfiguration(ConfigurationFile(text: text, name: "edge.yaml").root)
        #expect(configuration.recording.form.names == ["preRoll", "keepFreeMegabytes"])
    }

    @Test("changes nothing that cannot be recorded")
    func unrecorded() async throws {
        let settings = store()
        let form = try form(#"{"preRoll": 9}"#)
        await #expect(throws: GuardianError.self) {
            try await settings.change(form, capacity: nil) { _ in
                throw GuardianError(.unavailable, "The audit log cannot be written.")
            }
        }
        #expect(settings.recording.preRoll == 5 && !FileManager.default.fileExists(atPath: path))
    }

    @Test("records nothing when nothing changes")
    func unchanged() async throws {
        try await store().change(try form(#"{"preRoll": 5, "unanalysed": true}"#), capacity: nil) {
            Issue.record("\($0) did not change")
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(
        "sets aside a file that is damaged, of a newer version, or with a value that is not allowed",
        arguments: [
            "{", #"{"version": 2, "recording": {}}"#, #"{"version": 1, "recording": {"preRoll": 1}}"#,
            #"{"version": 1, "recording": {"preRol": 9}}"#, #"{"version": 1, "recording": {"preRoll": null}}"#,
        ])
    func damaged(text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        let settings = store()
        #expect(settings.recording.form == RecordingForm())
        #expect(log.text.contains("settings damaged and set aside"))
        let aside = try #require(settings.problems.first)
        #expect(settings.problems.count == 1 && FileManager.default.contents(atPath: aside.where) == Data(text.utf8))
        try FileManager.default.removeItem(atPath: aside.where)
        #expect(settings.problems.isEmpty)
    }
}
