import GuardianNode
import Testing

@Suite("States of a device")
struct DeviceStateTests {
    /// The table of docs/design/enrolment.md.
    private static let table: [(DeviceState, [DeviceDecision: DeviceState])] = [
        (.pending, [.accept: .accepted, .lock: .locked, .retire: .retired]),
        (.accepted, [.accept: .accepted, .lock: .locked, .retire: .retired]),
        (.locked, [.accept: .accepted, .lock: .locked, .retire: .retired]),
        (.retired, [.retire: .retired]),
    ]

    @Test("follow the table", arguments: table)
    func decisions(state: DeviceState, expected: [DeviceDecision: DeviceState]) {
        for decision in DeviceDecision.allCases { #expect(state.after(decision) == expected[decision]) }
    }

    @Test("are all in the table")
    func complete() { #expect(Set(Self.table.map(\.0)) == Set(DeviceState.allCases)) }
}
