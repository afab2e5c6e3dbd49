import Foundation
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("Times of the week")
struct WeekTimesTests {
    private func isIn(_ text: String, _ moment: String, _ zone: String) throws -> Bool {
        let week = LocalWeek(try #require(TimeZone(identifier: zone)))
        let date = try #require(ISO8601DateFormatter().date(from: moment))
        let time = Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
        return week.span(of: try WeekTimes(text: text), at: time) != nil
    }

    // 2026-11-23 is a Monday.
    @Test(
        "are local times",
        arguments: [
            ("mon-fri 08:00-18:00", "2026-11-23T07:59:59Z", "UTC", false),
            ("mon-fri 08:00-18:00", "2026-11-23T08:00:00Z", "UTC", true),
            ("mon-fri 08:00-18:00", "2026-11-23T17:59:59Z", "UTC", true),
            ("mon-fri 08:00-18:00", "2026-11-23T18:00:00Z", "UTC", false),
            ("mon-fri 08:00-18:00", "2026-11-22T12:00:00Z", "UTC", false),
            // The same moment has another hour and another day in another time zone.
            ("mon-fri 08:00-18:00", "2026-11-23T07:30:00Z", "Europe/Berlin", true),
            ("mon 00:00-02:00", "2026-11-22T23:30:00Z", "Europe/Berlin", true),
            ("sun 15:00-16:00", "2026-11-22T23:30:00Z", "America/Los_Angeles", true),
            // A window past midnight belongs to the day on which it begins.
            ("fri 22:00-06:00", "2026-11-27T22:00:00Z", "UTC", true),
            ("fri 22:00-06:00", "2026-11-28T05:59:00Z", "UTC", true),
            ("fri 22:00-06:00", "2026-11-28T06:00:00Z", "UTC", false),
            ("fri 22:00-06:00", "2026-11-27T05:00:00Z", "UTC", false),
            ("fri 22:00-06:00", "2026-11-28T22:00:00Z", "UTC", false),
            ("sun 22:00-06:00", "2026-11-23T01:00:00Z", "UTC", true),
            // A window past the end of the week.
            ("sat-mon", "2026-11-23T23:59:00Z", "UTC", true),
            ("sat-mon", "2026-11-24T00:00:00Z", "UTC", false),
            ("fri-mon 10:00-11:00", "2026-11-22T10:30:00Z", "UTC", true),
            // Without days, without times, and several of each.
            ("20:00-06:00", "2026-11-25T05:00:00Z", "UTC", true),
            ("sat,sun", "2026-11-22T03:00:00Z", "UTC", true),
            ("Sat,Wed-Thu 08:00-09:00,10:00-11:00", "2026-11-25T10:59:00Z", "UTC", true),
            ("sat,wed-thu 08:00-09:00,10:00-11:00", "2026-11-25T09:30:00Z", "UTC", false),
            ("mon-fri 18:00-08:00; sat,sun", "2026-11-28T12:00:00Z", "UTC", true),
            ("mon-fri 18:00-08:00; sat,sun", "2026-11-27T12:00:00Z", "UTC", false),
            ("00:00-24:00", "2026-11-27T23:59:59Z", "UTC", true),
            ("23:00-24:00", "2026-11-28T00:00:00Z", "UTC", false),
            // Berlin skips from 02:00 to 03:00 on 2026-03-29: the window is an hour shorter.
            ("sun 01:00-04:00", "2026-03-29T00:59:00Z", "Europe/Berlin", true),
            ("sun 01:00-04:00", "2026-03-29T01:59:00Z", "Europe/Berlin", true),
            ("sun 01:00-04:00", "2026-03-29T02:00:00Z", "Europe/Berlin", false),
            ("sun 02:00-03:00", "2026-03-29T00:59:00Z", "Europe/Berlin", false),
            ("sun 02:00-03:00", "2026-03-29T01:00:00Z", "Europe/Berlin", false),
            // Berlin has 02:00 to 03:00 twice on 2026-10-25: it is in the window both times.
            ("sun 02:00-03:00", "2026-10-25T00:30:00Z", "Europe/Berlin", true),
            ("sun 02:00-03:00", "2026-10-25T01:30:00Z", "Europe/Berlin", true),
            ("sun 02:00-03:00", "2026-10-25T02:00:00Z", "Europe/Berlin", false),
        ])
    func times(_ text: String, _ moment: String, _ zone: String, _ expected: Bool) throws {
        #expect(try isIn(text, moment, zone) == expected)
    }

    @Test(
        "that are invalid are refused with the reason",
        arguments: [
            ("", "days, then times"), ("mon; ", "days, then times"),
            ("mon 08:00-09:00 10:00-11:00", "days, then times"),
            ("08:00-09:00 mon", "is where days are expected"), ("montag", "“montag”"), ("mon,", "“”"),
            ("mon-fri-sun", "“mon-fri-sun”"), ("mon 8-18", "“8-18”"), ("mon 08:00", "“08:00”"),
            ("mon 24:00-25:00", "“24:00-25:00”"), ("mon 08:60-09:00", "“08:60-09:00”"),
            ("mon 08:00-08:00", "00:00-24:00"),
            ("mon 08:00-09:00,", "“”"), ("mon +8:00-09:00", "“+8:00-09:00”"),
        ])
    func refusals(_ text: String, _ part: String) throws {
        let error = try #require(#expect(throws: GuardianError.self) { try WeekTimes(text: text) })
        #expect(error.code == .invalidArgument && error.message.contains(part), "\(error.message)")
    }

    @Test("choose the events that begin in them")
    func policy() throws {
        let week = LocalWeek(try #require(TimeZone(identifier: "UTC")))
        let hour = Int64(3_600_000)
        // A Monday at 00:00.
        let monday = try #require(ISO8601DateFormatter().date(from: "2026-11-23T00:00:00Z")).timeIntervalSince1970
        let start = Timestamp(milliseconds: Int64(monday * 1_000))
        let policy = ArchivePolicy(schedule: ArchiveSchedule(times: try WeekTimes(text: "mon 20:00-06:00"), week: week))
        func event(from: Int64, to: Int64) -> Event {
            Sample.event().changed {
                $0.startedAt = start + from * hour
                $0.endedAt = start + to * hour
            }
        }
        #expect(!policy.wants(event(from: 19, to: 21)))
        #expect(policy.wants(event(from: 20, to: 21)))
        #expect(policy.wants(event(from: 29, to: 33)))
        #expect(!policy.wants(event(from: 30, to: 31)))
        #expect(ArchivePolicy().wants(event(from: 19, to: 21)))
    }
}
