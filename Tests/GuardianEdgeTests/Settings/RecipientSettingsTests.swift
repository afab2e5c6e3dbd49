import Foundation
import GuardianArchive
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("The recipients that an owner adds")
struct RecipientSettingsTests {
    private let folder = TemporaryFolder()
    private let log = LogBook()

    private var path: String { folder.path("settings.json") }

    private func store(fixed: [NamedRecipient] = []) -> EdgeSettingsStore {
        EdgeSettingsStore(
            path: path, fixed: RecordingForm(), fixedRecipients: fixed, clock: ManualClock(Sample.start),
            logger: log.logger)
    }

    private func recipient() throws -> Recipient { try OwnerKeys(OwnerSecret()).xWing }

    private func add(_ recipient: Recipient, _ name: String, to settings: EdgeSettingsStore) async throws {
        _ = try await settings.addRecipient(recipient.text, name: name) { _ in }
    }

    /// Returns the error of adding what must not be recorded.
    private func refusal(_ settings: EdgeSettingsStore, _ line: String, _ name: String) async throws -> GuardianError {
        let error = await #expect(throws: GuardianError.self) {
            _ = try await settings.addRecipient(line, name: name) { _ in
                throw GuardianError(.internal, "Nothing is recorded of what is refused.")
            }
        }
        return try #require(error)
    }

    @Test("are added after those of the configuration file, and stay")
    func kept() async throws {
        let (file, anna, ben) = (try recipient(), try recipient(), try recipient())
        let settings = store(fixed: [NamedRecipient(file, name: "Family")])
        let changes = settings.recipientChanges.value
        try await add(anna, "  Anna ", to: settings)
        try await add(ben, "Ben", to: settings)
        #expect(settings.recipients.map(\.recipient) == [file, anna, ben])
        #expect(settings.recipients.map(\.name) == ["Family", "Anna", "Ben"])
        #expect(settings.recipients.map(\.isFixed) == [true, false, false])
        #expect(settings.recipients[1].addedAt == Sample.start)
        #expect(settings.recipientChanges.value == changes + 2)
        #expect(store().recipients == Array(settings.recipients.dropFirst()))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("stay when another setting is changed, and leave it as it is")
    func beside() async throws {
        let settings = store()
        try await add(try recipient(), "Anna", to: settings)
        let form = try JSONDecoder().decode(RecordingForm.self, from: Data(#"{"preRoll": 9}"#.utf8))
        try await settings.change(form, capacity: nil) { _ in }
        try await add(try recipient(), "Ben", to: settings)
        #expect(store().recording.preRoll == 9 && store().recipients.map(\.name) == ["Anna", "Ben"])
    }

    @Test("need a line that is whole, and a name")
    func fields() async throws {
        let (settings, line) = (store(), try recipient().text)
        for (line, name, field) in [
            (String(line.dropLast()), "Anna", "key"), ("", "Anna", "key"), (line, " \n", "name"),
            (line, String(repeating: "a", count: 65), "name"), (line, "An\u{7}na", "name"),
        ] {
            let error = try await refusal(settings, line, name)
            #expect(error.code == .invalidArgument && error.context["field"] == field)
        }
        #expect(settings.recipients.isEmpty && !FileManager.default.fileExists(atPath: path))
    }

    @Test("are there once, wherever they come from")
    func once() async throws {
        let (file, anna) = (try recipient(), try recipient())
        let settings = store(fixed: [NamedRecipient(file, name: nil)])
        try await add(anna, "Anna", to: settings)
        for known in [file, anna] { #expect(try await refusal(settings, known.text, "Ben").code == .alreadyExists) }
        // The file may name later what was added before; then it holds as one of the file.
        let after = store(fixed: [NamedRecipient(anna, name: "Of the file")])
        #expect(after.recipients.map(\.recipient) == [anna] && after.recipients.map(\.isFixed) == [true])
    }

    @Test("are at most eight")
    func bound() async throws {
        let settings = store(fixed: [NamedRecipient(try recipient(), name: nil)])
        for number in 2...EdgeSettingsStore.mostRecipients {
            try await add(try recipient(), "Code \(number)", to: settings)
        }
        #expect(try await refusal(settings, try recipient().text, "Ninth").code == .failedPrecondition)
        #expect(settings.recipients.count == 8 && store().recipients.count == 7)
    }

    @Test("are removed, but not those of the configuration file")
    func removed() async throws {
        let (file, anna) = (try recipient(), try recipient())
        let settings = store(fixed: [NamedRecipient(file, name: nil)])
        try await add(anna, "Anna", to: settings)
        try await settings.removeRecipient(anna.keyID) { #expect($0.recipient == anna) }
        #expect(settings.recipients.map(\.recipient) == [file] && store().recipients.isEmpty)
        for (id, code) in [(anna.keyID, GuardianError.Code.notFound), (file.keyID, .failedPrecondition)] {
            let error = await #expect(throws: GuardianError.self) {
                try await settings.removeRecipient(id) { _ in
                    throw GuardianError(.internal, "Nothing is recorded of what is refused.")
                }
            }
            #expect(error?.code == code)
        }
    }

    @Test("do not change when that cannot be recorded")
    func unrecorded() async throws {
        let (settings, anna) = (store(), try recipient())
        try await add(anna, "Anna", to: settings)
        let line = try recipient().text
        await #expect(throws: GuardianError.self) {
            _ = try await settings.addRecipient(line, name: "Ben") { _ in
                throw GuardianError(.unavailable, "The audit log cannot be written.")
            }
        }
        await #expect(throws: GuardianError.self) {
            try await settings.removeRecipient(anna.keyID) { _ in
                throw GuardianError(.unavailable, "The audit log cannot be written.")
            }
        }
        #expect(settings.recipients.map(\.recipient) == [anna] && store().recipients.count == 1)
    }

    @Test("are set aside with a file that has a damaged one")
    func damaged() throws {
        let line = try recipient().text
        let text = """
            {"version": 1, "recording": {}, "recipients": [{"key": "\(line.dropLast())", "name": "Anna", "addedAt": 1}]}
            """
        try Data(text.utf8).write(to: URL(filePath: path))
        let settings = store()
        #expect(settings.recipients.isEmpty && settings.problems.count == 1)
    }
}
