import GuardianConfiguration
import GuardianCore

extension BandwidthPlan {
    /// Reads `kilobits`, and `windows` with `times`, `kilobits` and `backlog`.
    init(_ section: ConfigurationSection, week: LocalWeek) throws {
        let limit = try section.limit()
        let windows = try section.list("windows").map { entry in
            guard let times = try entry.times("times") else {
                throw entry.refusal("times", "is missing: write when, such as mon-fri 08:00-18:00")
            }
            let window = Window(times: times, limit: try entry.limit(), backlog: try entry.boolean("backlog") ?? true)
            guard window.limit != nil || !window.backlog else {
                throw entry.refusal("times", "changes nothing: write kilobits, or backlog: false, beside it")
            }
            return window
        }
        self.init(limit: limit, windows: windows, week: week)
    }
}

extension ConfigurationSection {
    /// Reads times of the week.
    func times(_ key: String) throws -> WeekTimes? {
        guard let text = try string(key) else { return nil }
        do { return try WeekTimes(text: text) } catch let error as GuardianError {
            throw refusal(key, "cannot be read: \(error.message)")
        }
    }

    /// Reads `kilobits` (1,000 bits per second) and returns bytes per second.
    fileprivate func limit() throws -> Int? {
        try integer("kilobits", in: ArchiveForm.kilobits).map { $0 * BandwidthPlan.kilobit }
    }
}
