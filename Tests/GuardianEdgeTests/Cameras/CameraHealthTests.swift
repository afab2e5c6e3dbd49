import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("A camera's health")
struct CameraHealthTests {
    private let start = ContinuousClock.now

    private func judged(_ state: CameraHealth.State, after seconds: Double, packetAt: Double? = nil) -> CameraHealth {
        let arrivals = packetAt.map { seconds in
            PacketArrivals(
                first: Occurrence(
                    instant: start + .seconds(seconds), time: Sample.start + Int64(seconds * 1000)))
        }
        return CameraHealth(state: state, since: Sample.start).judged(
            at: start + .seconds(seconds), startedAt: start, arrivals: arrivals, patience: .seconds(15))
    }

    @Test("is a loss since the last packet when nothing has arrived for too long, whatever the reading thread says")
    func silent() {
        #expect(judged(.live, after: 115, packetAt: 100).state == .live)
        let lost = judged(.live, after: 115.1, packetAt: 100)
        #expect(lost.state == .lost && lost.since == Sample.start + 100_000 && lost.lastFailure != nil)
    }

    @Test("is a loss when the first connection brings no keyframe")
    func noKeyPicture() {
        #expect(judged(.connecting, after: 15).state == .connecting)
        let lost = judged(.connecting, after: 15.1)
        #expect(lost.state == .lost && lost.since == Sample.start && lost.lastFailure != nil)
    }

    @Test("stays what it is for a camera that is lost or stopped")
    func others() {
        #expect(judged(.stopped, after: 1_000).state == .stopped)
        #expect(judged(.lost, after: 1_000, packetAt: 1).lastFailure == nil)
    }
}
