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
