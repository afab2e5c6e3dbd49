import Foundation
import GuardianCore

/// The demo's summary, its last line of output.
struct DemoSummary: Codable, Sendable {
    var cameras: Int
    /// Events that began while everything was up.
    var events: Int
    /// Events that were not closed at the end.
    var open: Int
    /// Events whose clips are all complete.
    var clips: Int
    /// Events of which the node has acknowledged every entry.
    var acknowledged: Int
    /// Events whose clips are all in the archive.
    var archived: Int
    /// Log lines of level error or critical.
    var errors: Int
    var latencyMs: Latency
    var state: String

    /// From the arrival of the frame that confirmed an event to the node's acknowledgement, in milliseconds.
    struct Latency: Codable, Sendable {
        var p50: Int?
        var p99: Int?

        init(_ samples: [Int]) {
            let sorted = samples.sorted()
            func quantile(_ share: Double) -> Int? {
                sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
            }
            p50 = quantile(0.5)
            p99 = quantile(0.99)
        }
    }

    var wholePathWorked: Bool {
        events > 0 && open == 0 && clips == events && acknowledged == events && archived == events
            && errors == 0
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
