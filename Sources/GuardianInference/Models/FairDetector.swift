import Foundation
import GuardianVision

/// One detector shared by many watches: who asks first is served first, so that a busy camera, which has only one
/// question at a time like every other, cannot starve the rest.
///
/// `@unchecked Sendable`: the counters are read and written only while `condition` is locked; the rest never changes.
package final class FairDetector: Detector, @unchecked Sendable {
    package let model: ModelDescription
    private let detector: any Detector
    private let places: Int
    private let statistics: LookStatistics
    private let condition = NSCondition()
    private var nextTicket = 0
    private var finished = 0

    /// - Parameter places: how many may look at once.
    package init(_ detector: any Detector, places: Int, statistics: LookStatistics) {
        self.detector = detector
        self.places = places
        self.statistics = statistics
        model = detector.model
    }

    package func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] {
        enter()
        defer { leave() }
        let start = ContinuousClock.now
        let found = try detector.detect(pictures)
        statistics.looked(at: pictures.count, taking: start.duration(to: .now))
        return found
    }

    private func enter() {
        condition.lock()
        defer { condition.unlock() }
        let ticket = nextTicket
        nextTicket += 1
        statistics.queue(nextTicket - finished)
        while ticket >= finished + places { condition.wait() }
    }

    private func leave() {
        condition.lock()
        finished += 1
        statistics.queue(nextTicket - finished)
        condition.broadcast()
        condition.unlock()
    }
}
