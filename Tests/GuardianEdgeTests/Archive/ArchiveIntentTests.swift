import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("The selection for the archive", .timeLimit(.minutes(10)))
struct ArchiveIntentTests {
    private let folder = TemporaryFolder()
    private let journal: Journal
    private let ledger: ArchiveLedger

    init() throws {
        journal = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey())
        ledger = try ArchiveLedger(path: folder.path("archive.sqlite"), clock: ManualClock(Sample.start))
    }

    private func intent(_ policy: ArchivePolicy = ArchivePolicy()) -> ArchiveIntent {
        ArchiveIntent(journal: journal, ledger: ledger, policy: policy, logger: LogBook().logger)
    }

    /// Runs the selection while `body` runs, which starts once the journal is followed.
    private func following(_ policy: ArchivePolicy = ArchivePolicy(), _ body: () async throws -> Void) async throws {
        try await running(intent(policy)) {
            try await eventually("it follows") { try await ledger.position() != nil }
            try await body()
        }
    }

    private func write(_ bodies: JournalBody...) async throws { try await journal.append(bodies, at: Sample.start) }

    private func isWanted(_ clip: Clip) async throws -> Bool {
        try await ledger.states(of: [clip.id])[clip.id]?.state == .waiting
    }

    /// Returns an event with one clip and no snapshot.
    private func visit(_ offset: Int64, confidence: Double = 0.9) -> (event: Event, clip: Clip) {
        let clip = Sample.clip(offset)
        let event = Sample.event(offset, state: .closed, clips: [clip.id]).changed {
            $0.confidence = confidence
            $0.snapshot = nil
        }
        return (event, clip)
    }

    @Test("starts with entries that are written after its first start")
    func fromNow() async throws {
        let (before, after) = (visit(0), visit(60_000))
        try await write(.eventClosed(before.event))
        try await following {
            try await write(.eventClosed(after.event))
            try await eventually("wanted") { try await isWanted(after.clip) }
        }
        #expect(try await !isWanted(before.clip))
    }

    @Test("contains events that the policy selects, and kept events regardless of the policy")
    func policy() async throws {
        let (unsure, kept, sure) = (visit(0, confidence: 0.5), visit(60_000, confidence: 0.5), visit(120_000))
        try await following(ArchivePolicy(confidence: 0.6)) {
            try await write(.eventClosed(unsure.event), .eventClosed(kept.event))
            try await write(.eventKept(Keep(event: kept.event.id, isKept: true)), .eventClosed(sure.event))
            try await eventually("wanted") { try await isWanted(sure.clip) }
        }
        #expect(try await isWanted(kept.clip))
        #expect(try await !isWanted(unsure.clip))
    }

    @Test("adds a snapshot and a clip as soon as each of them exists")
    func later() async throws {
        let (event, clip) = visit(0)
        let bare = event.changed { $0.clips = [] }
        let pictured = bare.changed { $0.snapshot = Sample.event().snapshot }
        try await following {
            let start = try await ledger.position()
            try await write(.eventOpened(bare, Sample.judgement), .eventUpdated(pictured))
            try await eventually("the picture") {
                try await ledger.pendingPictures(limit: 9).map(\.event) == [event.id]
            }
            #expect(try await ledger.position() ?? 0 > start ?? 0)
            #expect(try await !isWanted(clip))
            try await write(.eventClosed(event))
            try await eventually("the clip") { try await isWanted(clip) }
        }
    }

    @Test("continues after a restart at the position that was read")
    func restart() async throws {
        let (missed, next) = (visit(0), visit(60_000))
        try await following {}
        try await write(.eventClosed(missed.event))
        try await following {
            try await eventually("what was missed") { try await isWanted(missed.clip) }
            try await write(.eventClosed(next.event))
            try await eventually("the next") { try await isWanted(next.clip) }
        }
    }

    @Test("continues at the end of a journal that was restored from an older backup")
    func restored() async throws {
        let (old, new) = (visit(0), visit(120_000))
        try await write(.eventClosed(old.event))
        try await ledger.want([], throughPosition: 1_000)
        try await running(intent()) {
            try await eventually("it follows") {
                try await write(.eventClosed(visit(60_000).event))
                return try await ledger.position() ?? 1_000 < 1_000
            }
            try await write(.eventClosed(new.event))
            try await eventually("wanted") { try await isWanted(new.clip) }
        }
        #expect(try await !isWanted(old.clip))
    }

    @Test("passes over what happens while nobody could open it, also after a restart")
    func nobody() async throws {
        let (before, after) = (visit(0), visit(60_000))
        let nothing = ArchiveIntent(journal: journal, ledger: ledger, policy: nil, logger: LogBook().logger)
        try await running(nothing) {
            try await eventually("it follows") { try await ledger.position() != nil }
            try await write(.eventClosed(before.event), .eventKept(Keep(event: before.event.id, isKept: true)))
            try await eventually("it is passed over") { try await ledger.position() == journal.position }
        }
        try await following {
            try await write(.eventClosed(after.event))
            try await eventually("wanted") { try await isWanted(after.clip) }
        }
        #expect(try await !isWanted(before.clip))
    }
}
