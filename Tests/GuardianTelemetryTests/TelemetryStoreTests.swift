import Foundation
import GuardianCore
import GuardianTelemetry
import GuardianTestKit
import Testing

@Suite("Telemetry's file")
struct TelemetryStoreTests {
    private let folder = TemporaryFolder()
    /// The beginning of an hour, which is that of every step.
    private let hour = Timestamp(milliseconds: 1_795_827_600_000)
    private let clock: ManualClock
    private let store: TelemetryStore
    private let device = Hash256.sha256(of: Array("edge".utf8))
    private let camera = CameraID(UUID())

    init() throws {
        clock = ManualClock(hour + 3_600_000)
        store = try TelemetryStore(path: folder.path("telemetry.sqlite"), clock: clock)
    }

    private func sample(_ seconds: Int64, _ value: Int64, of metric: TelemetryMetric = .cpu) -> TelemetrySample {
        var sample = TelemetrySample(at: hour + seconds * 1000)
        sample.set(metric, of: metric.isOfCamera ? camera : nil, value)
        return sample
    }

    private func lines(step: Int64, metrics: Set<TelemetryMetric>? = nil) async throws -> [TelemetryLine] {
        try await store.lines(
            TelemetryQuery(from: hour, to: hour + 3_600_000, step: step, metrics: metrics, now: clock.now()))
    }

    @Test("has count, sum, min, max and last of each step, by the samples' times and not by their order")
    func steps() async throws {
        let samples = [sample(50, 7), sample(0, 5), sample(10, -3), sample(60, 100)]
        let outcome = try await store.add(samples, from: device)
        #expect(outcome == .init(added: 4))
        let line = try #require(try await lines(step: 60).first)
        #expect(line.device == device && line.series.metric == .cpu && line.series.camera == nil)
        #expect(line.points.map(\.at) == [hour, hour + 60_000])
        let first = try #require(line.points.first?.rollup)
        #expect([first.count, first.sum, first.min, first.max, first.last] == [3, 9, -3, 7, 7])
        #expect(first.lastAt == hour + 50_000)
        let whole = try #require(try await lines(step: 3600).first?.points.first?.rollup)
        #expect([whole.count, whole.sum, whole.min, whole.max, whole.last] == [4, 109, -3, 100, 100])
    }

    @Test("counts a sample once, however often and in whatever batches it arrives")
    func repeated() async throws {
        _ = try await store.add([sample(0, 5), sample(0, 5)], from: device)
        let outcome = try await store.add([sample(0, 5), sample(10, 6)], from: device)
        #expect(outcome == .init(added: 1, repeated: 1))
        let other = Hash256.sha256(of: Array("another".utf8))
        #expect(try await store.add([sample(0, 50)], from: other).added == 1)
        let lines = try await lines(step: 3600)
        #expect(lines.map { $0.points.map(\.rollup.sum) } == [[11], [50]])
    }

    @Test("refuses samples that are too old to be told from repeated ones, and those of the future")
    func refused() async throws {
        clock.set(hour + 48 * 3_600_000)
        let outcome = try await store.add(
            [sample(-1, 1), sample(0, 2), sample(48 * 3600 + 120, 3), sample(48 * 3600 + 121, 4)], from: device)
        #expect(outcome.added == 2)
        #expect(outcome.refused == [hour + -1000: .tooOld, hour + (48 * 3600 + 121) * 1000: .inFuture])
    }

    @Test("refuses samples with which a device would have more than 512 series")
    func series() async throws {
        func sample(_ seconds: Int64, _ count: Int) -> TelemetrySample {
            var sample = TelemetrySample(at: hour + seconds * 1000)
            for _ in 0..<count { sample.set(.cameraLive, of: CameraID(UUID()), 1) }
            return sample
        }
        let outcome = try await store.add([sample(0, 500), sample(1, 13), sample(2, 12)], from: device)
        #expect(outcome.added == 2)
        #expect(outcome.refused == [hour + 1000: .tooManySeries])
        #expect(try await lines(step: 3600).count == 512)
    }

    /// An hour of samples with holes, shuffled, some of them sent again, beside what plain loops over them say.
    @Test("adds up exactly at every level", arguments: [1, 2, 3] as [UInt64])
    func exact(seed: UInt64) async throws {
        var input = HostileInput(seed: seed)
        let metrics: [TelemetryMetric] = [.cpu, .networkSent, .cameraBitrate]
        var all: [TelemetrySample] = []
        for seconds in stride(from: Int64(0), to: 3600, by: 10) where Int.random(in: 0..<10, using: &input) > 0 {
            var sample = TelemetrySample(at: hour + seconds * 1000 + Int64.random(in: 0..<900, using: &input))
            for metric in metrics where Int.random(in: 0..<5, using: &input) > 0 {
                sample.set(metric, of: metric.isOfCamera ? camera : nil, Int64.random(in: -5...1 << 40, using: &input))
            }
            all.append(sample)
        }
        var sent = all + all.filter { _ in Bool.random(using: &input) }
        sent.shuffle(using: &input)
        while !sent.isEmpty {
            let batch = Array(sent.prefix(Int.random(in: 1...50, using: &input)))
            sent.removeFirst(batch.count)
            _ = try await store.add(batch, from: device)
        }
        for step in [60, 120, 900, 1800, 3600] as [Int64] {
            let lines = try await lines(step: step)
            #expect(lines.count == metrics.count)
            for line in lines {
                let values = all.compactMap { sample in sample.values[line.series].map { (sample.at, $0) } }
                let steps = Dictionary(grouping: values) { ($0.0 - hour) / (step * 1000) }
                #expect(line.points.map { ($0.at - hour) / (step * 1000) } == steps.keys.sorted())
                for point in line.points {
                    let inStep = try #require(steps[(point.at - hour) / (step * 1000)]).sorted { $0.0 < $1.0 }.map(\.1)
                    let rollup = point.rollup
                    #expect(rollup.count == Int64(inStep.count) && rollup.sum == inStep.reduce(0, +))
                    #expect(rollup.min == inStep.min() && rollup.max == inStep.max() && rollup.last == inStep.last)
                }
            }
        }
    }

    @Test("chooses a step for a chart, and one that is still kept")
    func query() async throws {
        let day: Int64 = 86_400_000
        let now = hour
        func step(_ days: Int64, _ step: Int64? = nil) -> Int64 {
            TelemetryQuery(from: now + -days * day, to: now, step: step, now: now).step / 1000
        }
        #expect(step(1) == 180, "480 steps, the shortest with at most 500")
        #expect(step(1, 60) == 60)
        #expect(step(3, 60) == 900, "minutes are kept for two days")
        #expect(step(3, 1000) == 1800)
        #expect(step(100, 60) == 3600)
        #expect(step(3000, 60) == 3600)
        #expect(TelemetryQuery(from: now + 1, to: now + 2, step: 60, now: now).from == now)
    }

    @Test("answers no more than 50,000 points")
    func points() async throws {
        clock.set(hour + 48 * 3_600_000)
        let minutes = (0..<1_400).map { minute in
            var sample = TelemetrySample(at: hour + Int64(minute) * 60_000)
            for metric in TelemetryMetric.allCases { sample.set(metric, of: metric.isOfCamera ? camera : nil, 1) }
            return sample
        }
        let others = (0..<12).map { Hash256.sha256(of: [$0]) }
        for other in others.prefix(2) { _ = try await store.add(minutes, from: other) }
        let query = TelemetryQuery(from: hour, to: hour + 48 * 3_600_000, step: 60, now: clock.now())
        let error = await #expect(throws: GuardianError.self) { try await store.lines(query) }
        #expect(error?.code == .invalidArgument)
        var one = query
        one.metrics = [.cpu]
        #expect(try await store.lines(one).map(\.points.count) == [1_400, 1_400])
    }

    @Test("forgets minutes after two days, quarters after sixty, and nothing that is younger")
    func expiry() async throws {
        let day: Int64 = 86_400_000
        _ = try await store.add([sample(0, 5), sample(3599, 6)], from: device)
        clock.set(hour + 2 * day + 3_600_000)
        while try await store.expire() {}
        let minutes = TelemetryQuery(from: hour + 3_540_000, to: hour + 3_600_000, step: 60, now: hour + 3_600_000)
        #expect(try await store.lines(minutes).first?.points.count == 1, "its two days are not over")
        #expect(
            try await lines(step: 900).first?.points.map(\.rollup.sum) == [5, 6],
            "the first minute is gone, its quarter is not")
        clock.set(hour + 61 * day)
        while try await store.expire() {}
        #expect(try await lines(step: 3600).first?.points.map(\.rollup.sum) == [11])
        clock.set(hour + 731 * day)
        while try await store.expire() {}
        #expect(try await lines(step: 3600).isEmpty)
    }

    @Test("reports how long edges and cameras were up, and how the clips grow")
    func report() async throws {
        var samples: [TelemetrySample] = []
        for seconds in stride(from: Int64(0), to: 3600, by: 10) where !(600..<1200).contains(seconds) {
            var sample = TelemetrySample(at: hour + seconds * 1000)
            sample.set(.edgeUp, 1)
            sample.set(.cameraLive, of: camera, seconds < 3000 ? 1 : 0)
            sample.set(.cameraReconnects, of: camera, seconds == 3000 ? 2 : 0)
            sample.set(.clipBytes, seconds * 1_000)
            sample.set(.diskFree, 86_400_000)
            samples.append(sample)
        }
        _ = try await store.add(samples, from: device)
        let totals = try await store.totals(of: TelemetryReport.metrics, from: hour, to: hour + 3_600_000)
        let report = TelemetryReport(totals, seconds: 3600)
        let edge = try #require(report.edges.first)
        #expect(report.edges.count == 1 && edge.device == device)
        #expect(edge.uptime == .init(up: 3000, known: 3000, of: 3600))
        let front = try #require(edge.cameras.first)
        #expect(front.uptime == .init(up: 2400, known: 3000, of: 3600))
        #expect(front.reconnects == 2 && front.missingPackets == nil && front.bitsPerSecond == nil)
        // From the end of the first quarter of an hour.
        #expect(edge.storage.used == 3_590_000 && edge.storage.grown == 3_000_000 && edge.storage.free == 86_400_000)
        #expect(edge.storage.daysLeft == 86_400_000 / 3_000_000 * 3_000 / 86_400.0)
    }
}

@Suite("Samples that wait for the node")
struct TelemetryQueueTests {
    private let folder = TemporaryFolder()
    private let start = Timestamp(milliseconds: 1_795_827_600_000)
    private let device = Hash256.sha256(of: Array("edge".utf8))

    private func sample(_ number: Int64) -> TelemetrySample {
        var sample = TelemetrySample(at: start + number * 10_000)
        sample.set(.cpu, number)
        sample.set(.cameraLive, of: Sample.front, 1)
        return sample
    }

    @Test("come back as they were, oldest first, also from a file that was opened again, until they are removed")
    func order() async throws {
        let path = folder.path("telemetry.sqlite")
        let clock = ManualClock(start + 60_000)
        do {
            let store = try TelemetryStore(path: path, clock: clock)
            for number in 0..<4 as Range<Int64> {
                #expect(try await TelemetryQueue(store).record(sample(number), from: device, waits: true) == 0)
            }
            // The same second is not a sample of its own.
            _ = try await TelemetryQueue(store).record(sample(3), from: device, waits: true)
            try store.close()
        }
        let queue = TelemetryQueue(try TelemetryStore(path: path, clock: clock))
        let first = try await queue.next(3)
        #expect(first == (0..<3).map(sample))
        try await queue.remove(first)
        #expect(try await queue.next() == [sample(3)])
        #expect(try await queue.count() == 1)
    }

    @Test("are bounded: the oldest are dropped and counted")
    func bound() async throws {
        let store = try TelemetryStore(path: folder.path("telemetry.sqlite"), clock: ManualClock(start + 60_000))
        let queue = TelemetryQueue(store, limit: 3)
        for number in 0..<3 as Range<Int64> {
            #expect(try await queue.record(sample(number), from: device, waits: true) == 0)
        }
        #expect(try await queue.record(sample(3), from: device, waits: true) == 1)
        #expect(try await queue.next().map(\.at) == (1...3).map { sample($0).at })
    }

    @Test("do not wait without a node")
    func noNode() async throws {
        let store = try TelemetryStore(path: folder.path("telemetry.sqlite"), clock: ManualClock(start))
        _ = try await TelemetryQueue(store).record(sample(0), from: device, waits: false)
        #expect(try await TelemetryQueue(store).count() == 0)
        let query = TelemetryQuery(from: start, to: start + 60_000, step: 60, now: start)
        #expect(try await store.lines(query).count == 2)
    }
}
