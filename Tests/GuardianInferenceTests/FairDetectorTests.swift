import Foundation
import GuardianCore
import GuardianInference
import GuardianOperations
import GuardianVision
import Synchronization
import Testing

/// A detector that finds nothing, and remembers who asked: pictures carry the camera's number in their first byte.
private final class Diary: Detector {
    let model: ModelDescription
    let asked = Mutex<[UInt8]>([])
    private let gate = DispatchSemaphore(value: 0)

    init() throws {
        model = ModelDescription(
            name: "diary", sha256: try #require(Hash256(bytes: [UInt8](repeating: 0, count: 32))),
            input: .init(side: 32), labels: ["nothing"], layout: .decodedSSD)
    }

    func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] {
        asked.withLock { $0.append(pictures[0][0]) }
        gate.wait()
        return pictures.map { _ in [] }
    }

    func answer() { gate.signal() }
}

@Suite("One detector for many cameras")
struct FairDetectorTests {
    @Test("cameras take turns, however often one of them asks", .timeLimit(.minutes(1)))
    func turns() async throws {
        let diary = try Diary()
        let statistics = LookStatistics(registry: MetricsRegistry())
        let fair = FairDetector(diary, places: 1, statistics: statistics)
        let rounds = 6
        for camera in UInt8(1)...3 {
            Thread.detachNewThread {
                for _ in 0..<rounds { _ = try? fair.detect([[camera]]) }
            }
        }
        for answered in 0..<(3 * rounds) {
            // Once the next one is served, the one before has left; then it has asked again, if it still has questions.
            while diary.asked.withLock({ $0.count }) <= answered { await Task.yield() }
            while statistics.queue < min(3, 3 * rounds - answered) { await Task.yield() }
            diary.answer()
        }
        let asked = diary.asked.withLock { $0 }
        #expect(asked.count == 3 * rounds)
        #expect(Set(asked.prefix(3)) == [1, 2, 3])
        for index in asked.indices.dropFirst(3) { #expect(asked[index] == asked[index - 3]) }
    }
}
