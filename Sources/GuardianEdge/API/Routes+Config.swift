import GuardianCore
import GuardianHTTP
import GuardianIdentity
import Hummingbird

/// Changes settings; what is missing stays.
struct ConfigBody: JSONBody {
    static let members = ["recording"]

    var recording: RecordingForm?
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
            let form = try await web.body(as: ConfigBody.self).recording ?? RecordingForm()
            try await settings.change(form, capacity: sources.clipsCapacity()) { changed in
                try await audit?(web.caller, changed.map { "recording.\($0)" })
            }
            return try JSON.response(ConfigView(settings))
        }
    }
}

extension EdgeSources {
    /// - Throws: `unavailable` where the settings are fixed.
    fileprivate func requireSettings() throws -> EdgeSettingsStore {
        guard let settings else {
            throw GuardianError(.unavailable, "The settings cannot be changed here; try again in a moment.")
        }
        return settings
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
