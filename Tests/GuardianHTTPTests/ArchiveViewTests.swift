import GuardianHTTP
import Testing

@Suite("An event's archive")
struct ArchiveViewTests {
    private func state(_ states: [ArchiveView.State?]) -> ArchiveView.State {
        ArchiveView(of: states.map { $0.map { ArchiveView(state: $0) } }).state
    }

    @Test("is the state among its clips that most needs attention, and stored only when all are")
    func urgency() {
        #expect(state([]) == .off)
        #expect(state([nil]) == .off)
        #expect(state([.stored, .stored]) == .stored)
        #expect(state([.stored, nil]) == .waiting)
        #expect(state([.stored, .uploading, .waiting]) == .uploading)
        #expect(state([.interrupted, .uploading]) == .interrupted)
        #expect(state([.refused, .interrupted, .stored]) == .refused)
        #expect(state([.stored, .failed, .refused]) == .failed)
    }

    @Test("says why, and where the first clip is")
    func reason() {
        let view = ArchiveView(of: [
            ArchiveView(state: .stored, objectKey: "clips/a/0.grdn"), ArchiveView(state: .refused, reason: "No room."),
        ])
        #expect(view.objectKey == "clips/a/0.grdn" && view.reason == "No room.")
    }
}
