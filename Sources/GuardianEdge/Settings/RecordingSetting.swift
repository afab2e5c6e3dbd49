import GuardianConfiguration
import GuardianCore

/// The settings of recording, as one table: the configuration file, the file of settings and requests are read by it.
public enum RecordingSetting: String, CodingKey, CaseIterable, Sendable {
    case preRoll, postRoll, maximum, unanalysed, keepFreeMegabytes, keepDays

    /// What somebody may say of a setting.
    enum Value: Sendable, Hashable {
        case number(Int)
        case flag(Bool)
        /// `null`: there is to be no such number.
        case nothing
    }

    /// Which values a setting takes, and which one holds when nobody says anything.
    enum Rule: Sendable {
        case number(ClosedRange<Int>, usual: Int)
        /// A number, or none; usually none.
        case numberOrNone(ClosedRange<Int>)
        case flag(usual: Bool)
    }

    var rule: Rule {
        switch self {
        case .preRoll: Rule(RecordingLimits.preRoll)
        case .postRoll: Rule(RecordingLimits.postRoll)
        case .maximum: Rule(RecordingLimits.maximum)
        case .unanalysed: .flag(usual: true)
        case .keepFreeMegabytes: Rule(RecordingLimits.keepFree)
        case .keepDays: .numberOrNone(RecordingLimits.keepDays)
        }
    }

    /// What holds when nobody says anything.
    var usual: Value {
        switch rule {
        case .number(_, let usual): .number(usual)
        case .numberOrNone: .nothing
        case .flag(let usual): .flag(usual)
        }
    }

    /// The whole numbers that are allowed; `nil` for a setting that is no number.
    var range: ClosedRange<Int>? {
        switch rule {
        case .number(let range, _), .numberOrNone(let range): range
        case .flag: nil
        }
    }

    /// Reads the setting from the configuration file; `nil` when that says nothing of it.
    ///
    /// - Throws: `invalidArgument` with file, line and what to write instead.
    func value(in section: ConfigurationSection) throws -> Value? {
        switch rule {
        case .number(let range, _), .numberOrNone(let range):
            try section.integer(rawValue, in: range).map(Value.number)
        case .flag: try section.boolean(rawValue).map(Value.flag)
        }
    }

    /// Reads the setting from JSON; `nil` when there is no such member.
    ///
    /// - Throws: `DecodingError` for `null` where a value must be, or another type. Numbers are not checked by their range.
    func value(in container: KeyedDecodingContainer<RecordingSetting>) throws -> Value? {
        guard container.contains(self) else { return nil }
        switch rule {
        case .number: return .number(try container.decode(Int.self, forKey: self))
        case .numberOrNone:
            return try container.decodeNil(forKey: self) ? .nothing : .number(container.decode(Int.self, forKey: self))
        case .flag: return .flag(try container.decode(Bool.self, forKey: self))
        }
    }

    /// Writes what somebody said of the setting.
    func encode(_ value: Value, to container: inout KeyedEncodingContainer<RecordingSetting>) throws {
        switch value {
        case .number(let number): try container.encode(number, forKey: self)
        case .flag(let flag): try container.encode(flag, forKey: self)
        case .nothing: try container.encodeNil(forKey: self)
        }
    }
}

extension RecordingSetting.Rule {
    fileprivate init(_ setting: IntegerSetting) { self = .number(setting.range, usual: setting.usual) }
}

extension RecordingSetting.Value {
    var number: Int? { if case .number(let number) = self { number } else { nil } }
    var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
}
