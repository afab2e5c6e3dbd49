import Foundation
import GuardianVision

/// A detector that many watches share. Calls are served in order of arrival. Each watch makes one call at a time, so a
/// busy camera cannot starve the others.
///
/// `@unchecked Sendable`: the counters are read and written only while `condition` is locked; the rest never changes.
package final class FairDetector: Detector, @unchecked Sendable {
    package let model: ModelDescription
    private let detector: any Detector
    private let concurrency: Int
    private let statistics: LookStatistics
    private let condition = NSCondition()
    private var nextTicket = 0
    private var finished = 0

    /// - Parameter concurrency: how many calls may run at once.
    package init(_ detector: any Detector, concurrency: Int, statistics: LookStatistics) {
        self.detector = detector
        self.concurrency = concurrency
        self.statistics = statistics
        model = detector.model
    }

    package func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] {
        enter()
        defer { leave() }
        let start = ContinuousClock.now
        let detections = try detector.detect(pictures)
        statistics.addDetection(pictures: pictures.count, duration: start.duration(to: .now))
        return detections
    }

    private func enter() {
        condition.lock()
        defer { condition.unlock() }
        let ticket = nextTicket
        nextTicket += 1
        statistics.callBegan(queue: nextTicket - finished)
        while ticket >= finished + concurrency { condition.wait() }
    }

    private func leave() {
        condition.lock()
        finished += 1
        statistics.callEnded(queue: nextTicket - finished)
        condition.broadcast()
        condition.unlock()
    }
}
