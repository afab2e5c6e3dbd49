import Foundation
import GuardianCore

/// Converts a time to weekday and minute in the recorder's time zone. The hour that daylight saving time skips in spring is in
/// no window; the hour that occurs twice in autumn is in its window both times.
public struct LocalWeek: Sendable, Hashable {
    private let calendar: Calendar

    public init(_ zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
    }

    /// Returns the span of `times` that contains a time, if any.
    public func span(of times: WeekTimes, at time: Timestamp) -> WeekTimes.Span? {
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1_000)
        let components = calendar.dateComponents([.weekday, .hour, .minute], from: date)
        // The calendar's week begins on Sunday, which is 1.
        guard let weekday = components.weekday, let hour = components.hour, let minute = components.minute else {
            return nil
        }
        return times.span(day: (weekday + 5) % 7, minute: hour * 60 + minute)
    }
}
