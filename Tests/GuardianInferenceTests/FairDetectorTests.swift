import Foundation
import GuardianCore
import GuardianInference
import GuardianOperations
import GuardianVision
import Synchronization
import Testing

/// A detector that detects nothing and records its callers: the first byte of a picture is the camera's number.
private final class RecordingDetector: Detector {
    let model: ModelDescription
    let callers = Mutex<[UInt8]>([])
    private let gate = DispatchSemaphore(value: 0)

    init() throws {
        model = ModelDescription(
            name: "recording", sha256: try #require(Hash256(bytes: [UInt8](repeating: 0, count: 32))),
            input: .init(side: 32), labels: ["nothing"], layout: .decodedSSD)
    }

    func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] {
        callers.withLock { $0.append(pictures[0][0]) }
        gate.wait()
        return pictures.map { _ in [] }
    }

    func answer() { gate.signal() }
}

@Suite("One detector for many cameras")
struct FairDetectorTests {
    @Test("cameras take turns, however often one of them asks", .timeLimit(.minutes(10)))
    func turns() async throws {
        let detector = try RecordingDetector()
        let statistics = LookStatistics(registry: MetricsRegistry())
        let fair = FairDetector(detector, concurrency: 1, statistics: statistics)
        let rounds = 6
        for camera in UInt8(1)...3 {
            Thread.detachNewThread {
                for _ in 0..<rounds { _ = try? fair.detect([[camera]]) }
            }
        }
        for answered in 0..<(3 * rounds) {
            // When a call is being served, the previous caller has returned. Wait until it has called again, if it has
            // calls left.
            while detector.callers.withLock({ $0.count }) <= answered { await Task.yield() }
            while statistics.queue < min(3, 3 * rounds - answered) { await Task.yield() }
            detector.answer()
        }
        let callers = detector.callers.withLock { $0 }
        #expect(callers.count == 3 * rounds)
        #expect(Set(callers.prefix(3)) == [1, 2, 3])
        for index in callers.indices.dropFirst(3) { #expect(callers[index] == callers[index - 3]) }
    }

    @Test("a stall is the time in which calls wait and none ends")
    func stall() {
        let statistics = LookStatistics(registry: MetricsRegistry())
        let start = ContinuousClock.now
        #expect(statistics.stall(at: start + .seconds(500)) == .zero)
        statistics.callBegan(queue: 1, at: start)
        statistics.callBegan(queue: 2, at: start + .seconds(40))
        #expect(statistics.stall(at: start + .seconds(50)) == .seconds(50))
        statistics.callEnded(queue: 1, at: start + .seconds(55))
        #expect(statistics.stall(at: start + .seconds(60)) == .seconds(5))
        statistics.callEnded(queue: 0, at: start + .seconds(61))
        #expect(statistics.stall(at: start + .seconds(500)) == .zero)
    }

    @Test("a detector that never answers is a stall", .timeLimit(.minutes(10)))
    func hung() async throws {
        let detector = try RecordingDetector()
        let statistics = LookStatistics(registry: MetricsRegistry())
        let fair = FairDetector(detector, concurrency: 1, statistics: statistics)
        Thread.detachNewThread { _ = try? fair.detect([[1]]) }
        while detector.callers.withLock({ $0.isEmpty }) { await Task.yield() }
        #expect(statistics.stall(at: .now + .seconds(60)) >= .seconds(60))
        detector.answer()
        while statistics.queue > 0 { await Task.yield() }
        #expect(statistics.stall(at: .now + .seconds(60)) == .zero)
    }
}
