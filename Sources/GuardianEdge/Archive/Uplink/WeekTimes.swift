/// Times of the week, to the minute of a local clock.
public struct WeekTimes: Sendable, Hashable {
    /// One stretch, on each of its days. Minutes since midnight; one that ends before it begins goes on over midnight,
    /// into the day behind its own.
    public struct Span: Sendable, Hashable {
        /// 0 is Monday.
        public var days: Set<Int>
        public var from: Int
        /// Not itself in the span; up to 1,440.
        public var to: Int

        func contains(day: Int, minute: Int) -> Bool {
            if from < to { return days.contains(day) && from <= minute && minute < to }
            return days.contains(day) && minute >= from || days.contains((day + 6) % 7) && minute < to
        }

        /// When it ends, as a clock on the wall shows it.
        var end: String {
            let (hour, minute) = (to / 60 % 24, to % 60)
            return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
        }
    }

    public var spans: [Span]

    public init(spans: [Span]) { self.spans = spans }

    /// The first stretch that a time is in.
    ///
    /// - Parameters:
    ///   - day: of the week, 0 for Monday.
    ///   - minute: since midnight, by the clock on the wall.
    public func span(day: Int, minute: Int) -> Span? { spans.first { $0.contains(day: day, minute: minute) } }
}
