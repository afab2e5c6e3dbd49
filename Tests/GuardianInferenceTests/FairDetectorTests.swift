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
        let fair = FairDetector(diary, places: 1, statistics: LookStatistics(registry: MetricsRegistry()))
        let rounds = 6
        for camera in UInt8(1)...3 {
            Thread.detachNewThread {
                for _ in 0..<rounds { _ = try? fair.detect([[camera]]) }
            }
        }
        for count in 1...(3 * rounds) {
            while diary.asked.withLock({ $0.count }) < count { await Task.yield() }
            diary.answer()
        }
        let asked = diary.asked.withLock { $0 }
        #expect(asked.count == 3 * rounds)
        // Once all three have begun, none asks twice before the others had their turn.
        let begun = (1...3).compactMap { camera in asked.firstIndex(of: UInt8(camera)) }.max() ?? 0
        let steady = asked[begun...].prefix(3 * (rounds - 2))
        for index in steady.indices.dropLast(1) { #expect(steady[index] != steady[index + 1]) }
    }
}
