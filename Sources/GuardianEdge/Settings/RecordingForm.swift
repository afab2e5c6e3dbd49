import GuardianConfiguration
import GuardianCore

/// What somebody says of recording: the configuration file, the file of settings, or a request. `RecordingSetting` says what there
/// is to be said.
public struct RecordingForm: Sendable, Hashable, Codable {
    /// What is not in it is not said.
    private var said: [RecordingSetting: RecordingSetting.Value] = [:]

    package init() {}

    /// - Throws: `invalidArgument` with file, line and what to write instead.
    init(_ section: ConfigurationSection) throws {
        for setting in RecordingSetting.allCases { said[setting] = try setting.value(in: section) }
    }

    /// - Throws: `DecodingError` for a member that is not known, `null` where a value must be, or another type: nothing is passed
    ///   over in silence.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseMembers { RecordingSetting(rawValue: $0) == nil }
        let container = try decoder.container(keyedBy: RecordingSetting.self)
        for setting in RecordingSetting.allCases { said[setting] = try setting.value(in: container) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: RecordingSetting.self)
        for (setting, value) in said { try setting.encode(value, to: &container) }
    }

    /// What holds: what it says, or the usual value.
    func value(of setting: RecordingSetting) -> RecordingSetting.Value { said[setting] ?? setting.usual }

    /// Whether it says anything of a setting.
    func says(_ setting: RecordingSetting) -> Bool { said[setting] != nil }

    /// Says a number; `nil` says that there is to be none, where there may be none.
    package mutating func say(_ number: Int?, of setting: RecordingSetting) {
        said[setting] = number.map(RecordingSetting.Value.number) ?? .nothing
    }

    /// Checks numbers by the limits that the configuration file has too.
    ///
    /// - Throws: `invalidArgument` whose context names the field that is wrong.
    package func check() throws {
        for setting in RecordingSetting.allCases {
            guard let number = said[setting]?.number, let range = setting.range, !range.contains(number) else {
                continue
            }
            throw Self.refusal(
                setting, "This must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
    }

    static func refusal(_ setting: RecordingSetting, _ message: String) -> GuardianError {
        GuardianError(.invalidArgument, message, context: ["field": "recording.\(setting.rawValue)"])
    }

    /// Returns what this says, and what `other` says of the rest.
    package func over(_ other: RecordingForm) -> RecordingForm {
        var form = other
        form.said.merge(said) { _, mine in mine }
        return form
    }

    /// Returns it without the settings that `fixed` has.
    func apart(from fixed: RecordingForm) -> RecordingForm {
        var form = self
        form.said = said.filter { !fixed.says($0.key) }
        return form
    }

    /// The names of what it says, in the order of the table.
    package var names: [String] { RecordingSetting.allCases.filter(says).map(\.rawValue) }

    /// What it says otherwise than `recording` has it.
    func differences(from recording: EdgeConfiguration.RecordingConfiguration) -> [RecordingSetting] {
        RecordingSetting.allCases.filter { says($0) && value(of: $0) != recording.form.value(of: $0) }
    }
}
