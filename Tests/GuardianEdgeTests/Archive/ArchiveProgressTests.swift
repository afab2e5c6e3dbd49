import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("The progress of the archive")
struct ArchiveProgressTests {
    private let clock = ManualClock(Sample.start)
    private let monotonic = TestClock()

    @Test("is as old as the last stored bytes, or the beginning of the work, and as new while there is none")
    func age() {
        let progress = ArchiveProgress(clock: clock, monotonic: monotonic)
        monotonic.advance(by: .seconds(500))
        #expect(progress.age == .zero && progress.storedAt == nil)
        progress.begin()
        monotonic.advance(by: .seconds(7))
        progress.begin()
        #expect(progress.age == .seconds(7), "the first is late, however many begin")
        progress.note()
        #expect(progress.age == .zero && progress.storedAt == Sample.start)
        monotonic.advance(by: .seconds(3))
        progress.end()
        #expect(progress.age == .seconds(3))
        progress.postpone()
        #expect(progress.age == .zero && progress.storedAt == Sample.start)
        progress.end()
        #expect(progress.age == .zero)
    }
}
