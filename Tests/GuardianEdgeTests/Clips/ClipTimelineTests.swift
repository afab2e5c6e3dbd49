import GuardianCore
import GuardianEdge
import Testing

@Suite("Which clips show an event")
struct ClipTimelineTests {
    private let event = EventID.v7(at: Timestamp(milliseconds: 1))
    private let first = ClipID.v7(at: Timestamp(milliseconds: 1))
    private let second = ClipID.v7(at: Timestamp(milliseconds: 2))

    @Test("an event that is recognised just after its clip was closed is in that clip")
    func recognisedLate() {
        var timeline = ClipTimeline()
        timeline.open(first, start: 0)
        timeline.close(end: 25_000)
        timeline.begin(event)
        let spans = timeline.spans(of: event, from: 24_600, to: 25_200)
        #expect(spans == [ClipSpan(clip: first, from: 24_600, to: 25_000, preRollShort: false)])
        #expect(timeline.spans(of: event, from: 26_000, to: 27_000).isEmpty)
    }

    @Test("where a new clip shows it from before it began, the clip before is left out")
    func newClip() {
        var timeline = ClipTimeline()
        timeline.open(first, start: 0)
        timeline.close(end: 25_000)
        timeline.begin(event)
        timeline.open(second, start: 20_000)
        let spans = timeline.spans(of: event, from: 24_600, to: 30_000)
        #expect(spans == [ClipSpan(clip: second, from: 4_600, to: 10_000, preRollShort: false)])
    }

    @Test("an event that goes on beyond a split is in both clips")
    func split() {
        var timeline = ClipTimeline()
        timeline.open(first, start: 0)
        timeline.begin(event)
        timeline.close(end: 10_000)
        timeline.open(second, start: 10_000)
        let spans = timeline.spans(of: event, from: 1_000, to: 12_000)
        #expect(spans.map(\.clip) == [first, second])
        #expect(spans.map(\.preRollShort) == [true, false])
        #expect(spans.map(\.to) == [10_000, 2_000])
    }
}
