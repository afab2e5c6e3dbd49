import GuardianCore
import GuardianHTTP
import GuardianIdentity
import Hummingbird

/// Changes settings; what is missing stays.
struct ConfigBody: JSONBody {
    static let members = ["recording", "confirmDeletion"]

    var recording: RecordingForm?
    /// Whether clips may be deleted at once for what is kept free.
    var confirmDeletion: Bool?
}

extension Routes {
    /// Records in the audit log the names of the settings that somebody is about to change.
    typealias SettingsAudit = @Sendable (_ by: Caller, _ changed: [String]) async throws -> Void

    /// Adds the routes of the settings.
    ///
    /// - Parameter audit: `nil` where nobody logs in.
    mutating func addConfig(_ sources: EdgeSources, audit: SettingsAudit?) {
        get("/api/v1/config", needs: .mayForAllCameras(.manageSettings)) { _ in
            try JSON.response(ConfigView(try sources.requireSettings()))
        }
        put("/api/v1/config", needs: .mayForAllCameras(.manageSettings)) { web in
            let settings = try sources.requireSettings()
            let body = try await web.body(as: ConfigBody.self)
            let form = body.recording ?? RecordingForm()
            try await settings.change(form, capacity: sources.clipsCapacity()) { changed in
                if changed.contains(RecordingForm.CodingKeys.keepFreeMegabytes.rawValue),
                    body.confirmDeletion != true
                {
                    try await sources.askBeforeDeleting(form, now: settings.recording)
                }
                try await audit?(web.caller, changed.map { "recording.\($0)" })
            }
            return try JSON.response(ConfigView(settings))
        }
    }
}

extension EdgeSources {
    /// - Throws: `unavailable` where the settings are fixed.
    func requireSettings() throws -> EdgeSettingsStore {
        guard let settings else {
            throw GuardianError(.unavailable, "The settings cannot be changed here; try again in a moment.")
        }
        return settings
    }

    /// - Throws: `failedPrecondition` whose context names the member that confirms, when a larger floor of the disk deletes clips.
    fileprivate func askBeforeDeleting(
        _ form: RecordingForm, now: EdgeConfiguration.RecordingConfiguration
    ) async throws {
        let floor = EdgeConfiguration.RecordingConfiguration(form: form).keepFree
        guard floor > now.keepFree, let question = try await roomCost(floor).question else { return }
        throw GuardianError(
            .failedPrecondition, "\(question) Send confirmDeletion with it if that is meant.",
            context: ["field": "confirmDeletion"])
    }
}

extension ConfigView {
    init(_ settings: EdgeSettingsStore) {
        let recording = settings.recording
        self.init(
            recording: Recording(
                preRoll: recording.preRoll, postRoll: recording.postRoll, maximum: recording.maximum,
                unanalysed: recording.unanalysed, keepFreeMegabytes: recording.keepFreeMegabytes),
            fixed: settings.fixed.names.map { "recording.\($0)" },
            limits: Dictionary(
                RecordingLimits.all.map {
                    (
                        "recording.\($0.key)",
                        Limit(least: $0.range.lowerBound, most: $0.range.upperBound, usual: $0.usual)
                    )
                }, uniquingKeysWith: { first, _ in first }))
    }
}
