import Foundation
import GuardianCore

/// The clock on the recorder's wall: which day of the week and which minute a time is there. An hour that is skipped in
/// spring is in no window, and one that comes twice in autumn is in its window both times.
public struct LocalWeek: Sendable, Hashable {
    private let calendar: Calendar

    public init(_ zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
    }

    /// The stretch of `times` that a time is in, if any.
    public func span(of times: WeekTimes, at time: Timestamp) -> WeekTimes.Span? {
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1_000)
        let parts = calendar.dateComponents([.weekday, .hour, .minute], from: date)
        // The calendar's week begins on Sunday, which is 1.
        guard let weekday = parts.weekday, let hour = parts.hour, let minute = parts.minute else { return nil }
        return times.span(day: (weekday + 5) % 7, minute: hour * 60 + minute)
    }
}
