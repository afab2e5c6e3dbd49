import Foundation
import GuardianCore
import GuardianEdge
import Testing

@Suite("The archive's bandwidth plan")
struct BandwidthPlanTests {
    @Test(
        "changes with its windows, and where they overlap the strictest holds",
        arguments: [
            ("2026-11-23T03:00:00Z", 1_000, nil),
            ("2026-11-23T08:00:00Z", 500, "18:00"),
            ("2026-11-23T12:30:00Z", 100, "18:00"),
            ("2026-11-23T18:00:00Z", 1_000, nil),
            ("2026-11-28T23:00:00Z", 1_000, "06:00"),
            ("2026-11-29T05:59:00Z", 1_000, "06:00"),
            ("2026-11-29T06:00:00Z", 1_000, nil),
        ] as [(String, Int, String?)])
    func allowance(_ moment: String, _ limit: Int, _ until: String?) throws {
        let plan = BandwidthPlan(
            limit: 1_000,
            windows: [
                BandwidthPlan.Window(times: try WeekTimes(text: "mon-fri 08:00-18:00"), limit: 500, backlog: false),
                BandwidthPlan.Window(times: try WeekTimes(text: "12:00-13:00"), limit: 100),
                BandwidthPlan.Window(times: try WeekTimes(text: "sat 22:00-06:00"), backlog: false),
            ], week: LocalWeek(try #require(TimeZone(identifier: "UTC"))))
        let date = try #require(ISO8601DateFormatter().date(from: moment))
        let allowance = plan.allowance(at: Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000)))
        #expect(allowance == UplinkAllowance(limit: limit, backlogWaitsUntil: until))
    }
}
