/// Times of the week in local time, to the minute.
public struct WeekTimes: Sendable, Hashable {
    /// A range of minutes since midnight, on each of its days. A span that ends before it begins continues past midnight into
    /// the next day.
    public struct Span: Sendable, Hashable {
        /// 0 is Monday.
        public var days: Set<Int>
        public var from: Int
        /// Exclusive; up to 1,440.
        public var to: Int

        func contains(day: Int, minute: Int) -> Bool {
            if from < to { return days.contains(day) && from <= minute && minute < to }
            return days.contains(day) && minute >= from || days.contains((day + 6) % 7) && minute < to
        }

        /// Local time at which it ends, as `HH:MM`.
        var end: String {
            let (hour, minute) = (to / 60 % 24, to % 60)
            return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
        }
    }

    public var spans: [Span]

    public init(spans: [Span]) { self.spans = spans }

    /// Returns the first span that contains a time.
    ///
    /// - Parameters:
    ///   - day: day of the week, 0 for Monday.
    ///   - minute: minutes since midnight, local time.
    public func span(day: Int, minute: Int) -> Span? { spans.first { $0.contains(day: day, minute: minute) } }
}
