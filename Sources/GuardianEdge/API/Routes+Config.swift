import GuardianCore
import GuardianHTTP
import GuardianIdentity
import Hummingbird

/// What the node may do.
struct NodeForm: JSONBody {
    static let members = ["relay"]

    /// Whether it may fetch recordings for people who watch there.
    var relay: Bool?
}

/// Changes settings; what is missing stays.
struct ConfigBody: JSONBody {
    static let members = ["recording", "archive", "node", "confirmDeletion"]

    var recording: RecordingForm?
    var archive: ArchiveForm?
    var node: NodeForm?
    /// Whether clips may be deleted at once, for what is kept free or because of their age.
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
            let cameras = Set(sources.cameras.map(\.alias))
            // All of it is refused, or none.
            if let archive = body.archive { try settings.checkArchive(archive, cameras: cameras) }
            if let relay = body.node?.relay, relay != settings.allowsRelay {
                try web.caller.requirePerson(to: "let the node fetch recordings")
                try settings.checkRelay(relay)
            }
            try await settings.change(form, capacity: sources.clipsCapacity()) { changed in
                if body.confirmDeletion != true {
                    try await sources.askBeforeDeleting(changed, form, now: settings.recording)
                }
                try await audit?(web.caller, changed.map { "recording.\($0.rawValue)" })
            }
            if let archive = body.archive {
                try await settings.changeArchive(archive, cameras: cameras) { changed in
                    try await audit?(web.caller, changed.map { "archive.\($0.rawValue)" })
                }
            }
            if let relay = body.node?.relay {
                try await settings.changeRelay(relay) { try await audit?(web.caller, ["node.relay"]) }
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

    /// - Throws: `failedPrecondition` whose context names the member that confirms, when a larger floor of the disk or a shorter
    ///   time deletes clips.
    fileprivate func askBeforeDeleting(
        _ changed: [RecordingSetting], _ form: RecordingForm, now: EdgeConfiguration.RecordingConfiguration
    ) async throws {
        let wanted = EdgeConfiguration.RecordingConfiguration(form: form)
        var questions: [String] = []
        if changed.contains(.keepFreeMegabytes), wanted.keepFree > now.keepFree,
            let question = try await roomCost(wanted.keepFree).question
        {
            questions.append(question)
        }
        if changed.contains(.keepDays), let days = wanted.keepDays, days < now.keepDays ?? .max,
            let question = try await ageCost(days).question
        {
            questions.append(question)
        }
        guard !questions.isEmpty else { return }
        throw GuardianError(
            .failedPrecondition,
            "\(questions.joined(separator: " ")) Send confirmDeletion with it if that is meant.",
            context: ["field": "confirmDeletion"])
    }
}

extension ConfigView {
    init(_ settings: EdgeSettingsStore) {
        let (recording, archive) = (settings.recording, settings.archive)
        var limits = Dictionary(
            RecordingSetting.allCases.compactMap { setting in
                setting.range.map { range in
                    (
                        "recording.\(setting.rawValue)",
                        Limit(least: range.lowerBound, most: range.upperBound, usual: setting.usual.number)
                    )
                }
            }, uniquingKeysWith: { first, _ in first })
        limits["archive.kilobits"] = Limit(
            least: ArchiveForm.kilobits.lowerBound, most: ArchiveForm.kilobits.upperBound, usual: nil)
        self.init(
            recording: Recording(
                preRoll: recording.preRoll, postRoll: recording.postRoll, maximum: recording.maximum,
                unanalysed: recording.unanalysed, keepFreeMegabytes: recording.keepFreeMegabytes,
                keepDays: recording.keepDays),
            archive: Archive(cameras: archive.cameras?.value, kilobits: archive.kilobits?.value),
            node: Node(relay: settings.allowsRelay),
            fixed: settings.fixed.names.map { "recording.\($0)" }
                + settings.fixedArchive.names.map { "archive.\($0)" }
                + (settings.fixedRelay == nil ? [] : ["node.relay"]),
            limits: limits)
    }
}
