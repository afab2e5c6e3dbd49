import GuardianNode
import GuardianTestKit
import Testing

@Suite("A store that takes nothing")
struct StoreHealthTests {
    private let clock = TestClock()
    private let health: StoreHealth

    init() { health = StoreHealth(monotonic: clock) }

    @Test("is a problem after half a minute of failures, with the reason of the last one")
    func failing() {
        #expect(health.problem == nil)
        health.noteFailure("It is slow.")
        clock.advance(by: .seconds(29))
        health.noteFailure("The disk is full.")
        #expect(health.problem == nil)
        clock.advance(by: .seconds(2))
        #expect(health.problem?.contains("The disk is full.") == true)
    }

    @Test("is none any more once something was stored")
    func recovered() {
        health.noteFailure("It is slow.")
        clock.advance(by: .seconds(60))
        health.noteNoFailure()
        #expect(health.problem == nil)
        health.noteFailure("It is slow.")
        #expect(health.problem == nil, "it has its half minute again")
    }
}
