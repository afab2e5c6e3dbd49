import GuardianCore

/// How much bandwidth the archive may use, and when.
public struct BandwidthPlan: Sendable, Hashable {
    /// Times of the week with a limit of their own, or without backlog.
    public struct Window: Sendable, Hashable {
        public var times: WeekTimes
        /// Bytes per second; `nil`: the plan's limit applies.
        public var limit: Int?
        /// Whether the backlog is sent; live clips always are.
        public var backlog: Bool

        public init(times: WeekTimes, limit: Int? = nil, backlog: Bool = true) {
            self.times = times
            self.limit = limit
            self.backlog = backlog
        }
    }

    /// 1,000 bits a second, in bytes per second.
    static let kilobit = 125

    /// Bytes per second outside of all windows; `nil`: unlimited.
    public var limit: Int?
    public var windows: [Window]
    public var week: LocalWeek

    public init(limit: Int? = nil, windows: [Window] = [], week: LocalWeek) {
        self.limit = limit
        self.windows = windows
        self.week = week
    }

    /// Returns what the plan allows at a time. Where windows overlap, the strictest limit applies.
    public func allowance(at time: Timestamp) -> UplinkAllowance {
        let current = windows.compactMap { window in
            week.span(of: window.times, at: time).map { (window: window, span: $0) }
        }
        return UplinkAllowance(
            limit: current.compactMap(\.window.limit).min() ?? limit,
            backlogWaitsUntil: current.last { !$0.window.backlog }?.span.end)
    }
}

/// What the bandwidth plan allows at one time.
public struct UplinkAllowance: Sendable, Hashable {
    /// Bytes per second; `nil`: unlimited.
    public var limit: Int?
    /// Local time (`HH:MM`) until which the backlog waits; `nil`: it may be sent now.
    public var backlogWaitsUntil: String?

    public init(limit: Int? = nil, backlogWaitsUntil: String? = nil) {
        self.limit = limit
        self.backlogWaitsUntil = backlogWaitsUntil
    }

    public var allowsBacklog: Bool { backlogWaitsUntil == nil }
}
