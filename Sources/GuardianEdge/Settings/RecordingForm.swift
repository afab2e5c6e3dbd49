import GuardianConfiguration
import GuardianCore

/// What somebody says of recording: the configuration file, the file of settings, or a request. What is `nil` is not said.
public struct RecordingForm: Sendable, Hashable, Codable {
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case preRoll, postRoll, maximum, unanalysed, keepFreeMegabytes
    }

    /// Seconds of pre-roll.
    public var preRoll: Int?
    /// Seconds of post-roll.
    public var postRoll: Int?
    /// Longest clip, in seconds.
    public var maximum: Int?
    /// Whether everything is recorded while a camera is not analysed.
    public var unanalysed: Bool?
    /// MiB that stay free on the disk.
    public var keepFreeMegabytes: Int?

    package init() {}

    /// - Throws: `invalidArgument` with file, line and what to write instead.
    init(_ section: ConfigurationSection) throws {
        func integer(_ setting: IntegerSetting) throws -> Int? { try section.integer(setting.key, in: setting.range) }
        preRoll = try integer(RecordingLimits.preRoll)
        postRoll = try integer(RecordingLimits.postRoll)
        maximum = try integer(RecordingLimits.maximum)
        unanalysed = try section.boolean(CodingKeys.unanalysed.rawValue)
        keepFreeMegabytes = try integer(RecordingLimits.keepFree)
    }

    /// - Throws: `DecodingError` for a member that is not known, `null`, or of another type: nothing is passed over in silence.
    public init(from decoder: any Decoder) throws {
        let names = try decoder.container(keyedBy: AnyName.self)
        for name in names.allKeys where CodingKeys(rawValue: name.stringValue) == nil {
            throw DecodingError.dataCorruptedError(forKey: name, in: names, debugDescription: "is not known")
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
            container.contains(key) ? try container.decode(Value.self, forKey: key) : nil
        }
        preRoll = try value(.preRoll)
        postRoll = try value(.postRoll)
        maximum = try value(.maximum)
        unanalysed = try value(.unanalysed)
        keepFreeMegabytes = try value(.keepFreeMegabytes)
    }

    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Checks numbers by the limits that the configuration file has too.
    ///
    /// - Throws: `invalidArgument` whose context names the field that is wrong.
    package func check() throws {
        let numbers = [
            (RecordingLimits.preRoll, preRoll), (RecordingLimits.postRoll, postRoll),
            (RecordingLimits.maximum, maximum), (RecordingLimits.keepFree, keepFreeMegabytes),
        ]
        for case (let setting, let value?) in numbers where !setting.range.contains(value) {
            throw Self.refusal(
                setting.key,
                "This must be a whole number from \(setting.range.lowerBound) to \(setting.range.upperBound).")
        }
    }

    static func refusal(_ key: String, _ message: String) -> GuardianError {
        GuardianError(.invalidArgument, message, context: ["field": "recording.\(key)"])
    }

    /// Returns what this says, and what `other` says of the rest.
    package func over(_ other: RecordingForm) -> RecordingForm {
        var form = other
        form.preRoll = preRoll ?? other.preRoll
        form.postRoll = postRoll ?? other.postRoll
        form.maximum = maximum ?? other.maximum
        form.unanalysed = unanalysed ?? other.unanalysed
        form.keepFreeMegabytes = keepFreeMegabytes ?? other.keepFreeMegabytes
        return form
    }

    /// Returns it without the settings that `fixed` has.
    func apart(from fixed: RecordingForm) -> RecordingForm {
        var form = self
        if fixed.preRoll != nil { form.preRoll = nil }
        if fixed.postRoll != nil { form.postRoll = nil }
        if fixed.maximum != nil { form.maximum = nil }
        if fixed.unanalysed != nil { form.unanalysed = nil }
        if fixed.keepFreeMegabytes != nil { form.keepFreeMegabytes = nil }
        return form
    }

    /// The names of what it says.
    package var names: [String] {
        [
            (CodingKeys.preRoll, preRoll != nil), (.postRoll, postRoll != nil), (.maximum, maximum != nil),
            (.unanalysed, unanalysed != nil), (.keepFreeMegabytes, keepFreeMegabytes != nil),
        ].filter(\.1).map(\.0.rawValue)
    }

    /// The names of what it says otherwise than `recording` has it.
    func differences(from recording: EdgeConfiguration.RecordingConfiguration) -> [String] {
        func isOther<Value: Equatable>(_ value: Value?, _ now: Value) -> Bool { value.map { $0 != now } ?? false }
        return [
            (CodingKeys.preRoll, isOther(preRoll, recording.preRoll)),
            (.postRoll, isOther(postRoll, recording.postRoll)), (.maximum, isOther(maximum, recording.maximum)),
            (.unanalysed, isOther(unanalysed, recording.unanalysed)),
            (.keepFreeMegabytes, isOther(keepFreeMegabytes, recording.keepFreeMegabytes)),
        ].filter(\.1).map(\.0.rawValue)
    }
}
