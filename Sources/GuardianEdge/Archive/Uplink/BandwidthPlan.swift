import GuardianCore

/// How much of the line the archive may take, and when.
public struct BandwidthPlan: Sendable, Hashable {
    /// Times with rules of their own.
    public struct Window: Sendable, Hashable {
        public var times: WeekTimes
        /// Bytes a second; `nil`: the limit of other times.
        public var limit: Int?
        /// Whether older clips may leave; what is being recorded always does.
        public var backlog: Bool

        public init(times: WeekTimes, limit: Int? = nil, backlog: Bool = true) {
            self.times = times
            self.limit = limit
            self.backlog = backlog
        }
    }

    /// Bytes a second outside of all windows; `nil`: as much as there is.
    public var limit: Int?
    public var windows: [Window]
    public var week: LocalWeek

    public init(limit: Int? = nil, windows: [Window] = [], week: LocalWeek) {
        self.limit = limit
        self.windows = windows
        self.week = week
    }

    /// What holds at a time. Where windows overlap, the strictest does.
    public func allowance(at time: Timestamp) -> UplinkAllowance {
        let current = windows.compactMap { window in
            week.span(of: window.times, at: time).map { (window: window, span: $0) }
        }
        return UplinkAllowance(
            limit: current.compactMap(\.window.limit).min() ?? limit,
            backlogWaitsUntil: current.last { !$0.window.backlog }?.span.end)
    }
}

/// What holds on the line now.
public struct UplinkAllowance: Sendable, Hashable {
    /// Bytes a second; `nil`: as much as there is.
    public var limit: Int?
    /// Older clips wait until the clock on the wall shows this; `nil`: they need not wait.
    public var backlogWaitsUntil: String?

    public init(limit: Int? = nil, backlogWaitsUntil: String? = nil) {
        self.limit = limit
        self.backlogWaitsUntil = backlogWaitsUntil
    }

    public var takesBacklog: Bool { backlogWaitsUntil == nil }
}
