import Foundation
import GuardianCore

/// The demo's last line.
struct DemoSummary: Codable, Sendable {
    var cameras: Int
    /// Seen while everything was up.
    var events: Int
    /// Of them: not closed at the end.
    var open: Int
    /// Of them: all clips complete.
    var clips: Int
    /// Of them: the node has every entry.
    var acknowledged: Int
    /// Of them: every clip in the archive.
    var archived: Int
    /// Log lines of level error.
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
