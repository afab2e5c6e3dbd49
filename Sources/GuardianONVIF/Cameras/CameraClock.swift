import GuardianClients
import GuardianCore

/// A camera's clock beside ours.
public struct CameraClock: Sendable, Equatable {
    /// What the camera says that it is.
    public var time: Timestamp
    /// Milliseconds that it is ahead of ours, to about a second; negative when it is behind.
    public var ahead: Int64

    package init(time: Timestamp, ours: Timestamp) {
        self.time = time
        ahead = time - ours
    }

    /// How far a clock is off, for people: `3 days slow`.
    package static func words(secondsAhead seconds: Int64) -> String {
        let units: [(name: String, length: UInt64)] = [
            ("years", 31_557_600), ("days", 86_400), ("hours", 3_600), ("minutes", 60),
        ]
        let amount = seconds.magnitude
        // In the largest unit of which there are two, so that no number is one.
        let unit = units.first { amount >= 2 * $0.length } ?? ("seconds", 1)
        return "\(amount / unit.length) \(unit.name) \(seconds < 0 ? "slow" : "fast")"
    }

    /// Reads `GetSystemDateAndTimeResponse`: UTC, or the local time of a camera that gives nothing else.
    package static func time(in response: XMLElement) -> Timestamp? {
        let root = response["SystemDateAndTime"]
        return (root?["UTCDateTime"] ?? root?["LocalDateTime"]).flatMap(time(of:))
    }

    private static func time(of element: XMLElement) -> Timestamp? {
        func number(_ part: String, _ name: String, digits: Int) -> String? {
            guard let text = element[part]?[name]?.trimmed, let value = Int(text), value >= 0 else { return nil }
            let plain = String(value)
            return plain.count > digits ? nil : String(repeating: "0", count: digits - plain.count) + plain
        }
        guard let year = number("Date", "Year", digits: 4), let month = number("Date", "Month", digits: 2),
            let day = number("Date", "Day", digits: 2), let hour = number("Time", "Hour", digits: 2),
            let minute = number("Time", "Minute", digits: 2), let second = number("Time", "Second", digits: 2)
        else { return nil }
        return Timestamp(rfc3339: "\(year)-\(month)-\(day)T\(hour):\(minute):\(second)Z")
    }
}
