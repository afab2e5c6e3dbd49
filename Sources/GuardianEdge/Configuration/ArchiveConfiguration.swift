import Foundation
import GuardianArchive
import GuardianConfiguration
import GuardianCore

/// What is archived and for which recipients. Recipients come only from the edge itself, its configuration file and its owners,
/// never from the node.
public struct ArchiveConfiguration: Sendable {
    /// Those of the file, which hold whatever is changed at run time.
    package var named: [NamedRecipient]
    /// Cameras whose events are archived; all when empty.
    public var cameras: Set<CameraAlias>
    /// Labels of events that are archived; all when empty.
    public var labels: Set<Label>
    /// The least confidence of an event that is archived.
    public var confidence: Double
    /// Time until a clip is tried again that the node had no room for.
    public var retryAfter: Duration
    /// Times in which an event must begin to be archived; always when `nil`.
    public var schedule: ArchiveSchedule?
    /// How much bandwidth the archive may use, and when.
    public var bandwidth: BandwidthPlan

    /// What it says of that which an owner may choose at run time otherwise.
    var form: ArchiveForm {
        ArchiveForm(
            cameras: cameras.isEmpty ? nil : .value(cameras.sorted()),
            kilobits: bandwidth.limit == nil && bandwidth.windows.isEmpty
                ? nil : .init(bandwidth.limit.map { $0 / BandwidthPlan.kilobit }))
    }

    public var recipients: [Recipient] { named.map(\.recipient) }

    /// Everything is archived, at any time, for those who are added at run time.
    init() {
        named = []
        cameras = []
        labels = []
        confidence = 0
        retryAfter = .seconds(60)
        bandwidth = BandwidthPlan(week: LocalWeek(.current))
    }

    /// A section without recipients only says what is archived, once somebody is added at run time.
    init(_ section: ConfigurationSection, cameras known: Set<CameraAlias>) throws {
        named = try Self.recipients(section)
        if named.isEmpty, let key = ["recipients", "recipientsFile"].first(where: section.has) {
            throw section.refusal(
                key, "is empty: make a key with guardian keys new and write its recipient line here, or leave this out")
        }
        var cameras: Set<CameraAlias> = []
        for text in Self.items(try section.string("cameras")) {
            guard let alias = CameraAlias(text), known.contains(alias) else {
                throw section.refusal("cameras", "names “\(text)”, which is no camera's id")
            }
            cameras.insert(alias)
        }
        self.cameras = cameras
        var labels: Set<Label> = []
        for text in Self.items(try section.string("labels")) {
            guard let label = Label(text) else { throw section.refusal("labels", "names “\(text)”, which is no label") }
            labels.insert(label)
        }
        self.labels = labels
        confidence = try section.number("confidence", in: 0...1) ?? 0
        retryAfter = .seconds(try section.integer("retryAfter", in: 1...86_400) ?? 60)
        let week = LocalWeek(try Self.zone(section))
        schedule = try section.times("schedule").map { ArchiveSchedule(times: $0, week: week) }
        bandwidth = try BandwidthPlan(section.section("bandwidth"), week: week)
        try section.finish()
    }

    private static func zone(_ section: ConfigurationSection) throws -> TimeZone {
        guard let name = try section.string("timeZone") else { return .current }
        guard let zone = TimeZone(identifier: name) else {
            throw section.refusal("timeZone", "names “\(name)”, which is no time zone; write one such as Europe/Berlin")
        }
        return zone
    }

    private static func recipients(_ section: ConfigurationSection) throws -> [NamedRecipient] {
        var recipients = try section.list("recipients").map { entry in
            guard let text = try entry.string("key") else {
                throw entry.refusal("key", "is missing: write a line that guardian keys new gave")
            }
            // The name is only for people, here and on the page of the settings.
            let name = try entry.string("name")
            try entry.finish()
            return NamedRecipient(try recipient(text, "key", entry), name: name)
        }
        if let path = try section.string("recipientsFile") {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw section.refusal("recipientsFile", "names \(path), which cannot be read")
            }
            for line in text.split(whereSeparator: \.isNewline) {
                let line = line.trimmingCharacters(in: .whitespaces)
                guard !line.isEmpty, !line.hasPrefix("#") else { continue }
                recipients.append(NamedRecipient(try recipient(line, "recipientsFile", section), name: nil))
            }
        }
        return recipients
    }

    private static func recipient(_ text: String, _ key: String, _ section: ConfigurationSection) throws -> Recipient {
        do { return try Recipient(text: text) } catch let error as GuardianError {
            throw section.refusal(key, "holds no recipient: \(error.message)")
        }
    }

    /// Splits a comma-separated list.
    private static func items(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
