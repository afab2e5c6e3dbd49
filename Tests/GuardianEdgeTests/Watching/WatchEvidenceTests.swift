import GuardianCore
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("The evidence that a camera is being analysed")
struct WatchEvidenceTests {
    private let began = Occurrence(instant: .now, time: Sample.start)
    private var evidence: WatchEvidence

    init() { evidence = WatchEvidence(began: began) }

    private func at(_ seconds: Double) -> Occurrence {
        Occurrence(instant: began.instant + .seconds(seconds), time: Sample.start + Int64(seconds * 1000))
    }

    private func arrivals(_ first: Double, _ last: Double) -> PacketArrivals {
        var arrivals = PacketArrivals(first: at(first))
        arrivals.add(at(last), isKeyframe: false)
        return arrivals
    }

    @Test("no look is due while no packet has arrived, and ten seconds of packets after the start or the connection")
    func silence() {
        #expect(!evidence.isSilent(nil))
        #expect(!evidence.isSilent(arrivals(0, 9.9)) && evidence.isSilent(arrivals(0, 10)))
        #expect(!evidence.isSilent(arrivals(100, 109.9)) && evidence.isSilent(arrivals(100, 110)))
        #expect(evidence.isSilent(arrivals(0, 60), since: at(50).instant))
        #expect(!evidence.isSilent(arrivals(0, 60), since: at(50.1).instant))
    }

    @Test("a camera with long GOPs has as much longer, up to the time after which its packets are sent anyway")
    mutating func longGOP() {
        evidence.keyframeInterval = .seconds(2)
        #expect(!evidence.isSilent(arrivals(0, 11.9)) && evidence.isSilent(arrivals(0, 12)))
        evidence.keyframeInterval = .seconds(Int64.max)
        #expect(!evidence.isSilent(arrivals(0, 21.9)) && evidence.isSilent(arrivals(0, 22)))
        evidence.keyframeInterval = .seconds(Int64.min)
        #expect(evidence.isSilent(arrivals(0, 10)))
    }

    @Test("failures before the first look are a loss after ten seconds, from the start or the connection on")
    mutating func start() {
        #expect(evidence.fail("Loading.", at: at(9.9).instant, arrivals(0, 9)) == nil && evidence.loss == nil)
        let loss = evidence.fail("No model.", at: at(10).instant, arrivals(0, 10))
        #expect(loss?.reason == "No model." && loss?.since == Sample.start && evidence.loss == loss)
        #expect(evidence.fail("Still none.", at: at(11).instant, arrivals(0, 11)) == nil, "it is the same loss")
        var late = WatchEvidence(began: began)
        #expect(late.fail("No model.", at: at(65).instant, arrivals(60, 65))?.since == Sample.start + 60_000)
        var early = WatchEvidence(began: began)
        #expect(early.fail("No model.", at: at(65).instant, nil)?.since == Sample.start)
    }

    @Test("a failure after a look is a loss at once, from that look on; the next look ends it")
    mutating func failure() {
        #expect(evidence.look(at: at(1)) && !evidence.look(at: at(2)))
        #expect(evidence.fail("Gone.", at: at(3).instant, arrivals(0, 3))?.since == Sample.start + 2_000)
        #expect(evidence.look(at: at(4)) && evidence.loss == nil && evidence.failure == nil)
        let reconnected = evidence.fail("Gone.", at: at(63).instant, arrivals(60, 63))
        #expect(reconnected?.since == Sample.start + 60_000, "before that, the camera was lost")
    }
}
