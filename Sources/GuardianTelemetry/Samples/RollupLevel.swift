import GuardianCore

/// How finely values are kept, and for how long. The raw values stand in databases.
public enum RollupLevel: Int64, CaseIterable, Comparable, Sendable {
    case minute = 60
    case quarter = 900
    case hour = 3600

    public static func < (left: RollupLevel, right: RollupLevel) -> Bool { left.rawValue < right.rawValue }

    /// Milliseconds of one step.
    public var step: Int64 { rawValue * 1000 }

    /// Milliseconds for which its steps are kept.
    public var retention: Int64 {
        let day: Int64 = 86_400_000
        return switch self {
        case .minute: 2 * day
        case .quarter: 60 * day
        case .hour: 730 * day
        }
    }

    /// Returns the beginning of the step that contains a time.
    func start(of time: Timestamp) -> Timestamp { time.roundedDown(to: step) }

    /// Returns the coarsest level whose steps fit into `step` milliseconds, which has all that the finer ones have; `nil` when
    /// `step` is no multiple of a minute.
    static func fitting(into step: Int64) -> RollupLevel? { allCases.last { step % $0.step == 0 } }

    /// Returns the finest level that still has the steps from a time on; the coarsest when none has.
    public static func finest(from: Timestamp, now: Timestamp) -> RollupLevel {
        allCases.first { from >= now + -$0.retention } ?? .hour
    }
}

extension Timestamp {
    /// Returns the latest multiple of `step` milliseconds since 1970 that is not after this time.
    public func roundedDown(to step: Int64) -> Timestamp {
        let rest = milliseconds % step
        return Timestamp(milliseconds: milliseconds - (rest < 0 ? rest + step : rest))
    }
}
