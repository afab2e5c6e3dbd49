import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("What a change of the settings deletes")
struct DeletionCostTests {
    private let folder = TemporaryFolder()
    private let disk = FakeDisk(free: 10_000)
    private let store: ClipStore
    private let journal: Journal

    init() throws {
        store = ClipStore(
            folder: folder.path("clips"), keepFree: 1_000, clock: ManualClock(Sample.start), logger: LogBook().logger,
            space: disk.space)
        journal = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey())
    }

    /// Writes clips of 1,000 bytes each, a minute apart.
    private func record(_ count: Int) async throws -> [Clip] {
        let clips = (0..<count).map { number in
            var clip = Sample.clip(Int64(number) * 60_000)
            clip.size = 1_000
            return clip
        }
        try await journal.append(clips.map { .clipClosed($0) }, at: Sample.start)
        return clips
    }

    private func cost(_ floor: Int64) async throws -> DeletionCost {
        try await store.cost(ofFloor: floor, in: journal.catalogue)
    }

    @Test("is nothing while so much is free, or while there are no clips")
    func nothing() async throws {
        #expect(try await cost(20_000) == .nothing)
        _ = try await record(3)
        #expect(try await cost(10_000) == .nothing)
        #expect(try await cost(10_000).question == nil)
    }

    @Test("is the oldest clips, as many as fill what is missing")
    func oldest() async throws {
        let clips = try await record(5)
        #expect(
            try await cost(12_500)
                == .clips(count: 3, bytes: 3_000, newest: clips[2].startedAt, isCounted: true))
        let question = try #require(try await cost(12_500).question)
        #expect(question.contains("about 3 of the oldest clips") && question.contains("do not come back"))
        // More than there is: all of them.
        #expect(
            try await cost(90_000)
                == .clips(count: 5, bytes: 5_000, newest: clips[4].startedAt, isCounted: true))
    }

    @Test("is what is older than a shorter time")
    func age() async throws {
        let clips = try await record(5)
        func cost(_ days: Int, after milliseconds: Int64) async throws -> DeletionCost {
            try await .of(ClipAgeLimit(days: days), at: Sample.start + milliseconds, in: journal.catalogue)
        }
        let day: Int64 = 86_400_000
        #expect(try await cost(2, after: 2 * day) == .nothing)
        #expect(
            try await cost(2, after: 2 * day + 61_000)
                == .clips(count: 2, bytes: 2_000, newest: clips[1].startedAt, isCounted: true))
        #expect(
            try await cost(1, after: 3 * day)
                == .clips(count: 5, bytes: 5_000, newest: clips[4].startedAt, isCounted: true))
    }

    @Test("is not known while the disk is not")
    func away() async throws {
        let lost = ClipStore(
            folder: folder.path("clips"), keepFree: 1_000, clock: ManualClock(Sample.start), logger: LogBook().logger,
            space: { _ in throw GuardianError(.notFound, "There is no such folder.") })
        let cost = try await lost.cost(ofFloor: 20_000, in: journal.catalogue)
        #expect(cost == .unknown && cost.question?.contains("not known") == true)
    }
}
