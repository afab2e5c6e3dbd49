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
    @Test("cameras take turns, however often one of them asks", .timeLimit(.minutes(1)))
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
}
