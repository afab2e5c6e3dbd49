import ArgumentParser
import Foundation
import GuardianCore
import GuardianHTTP
import GuardianWatch

/// How `guardian analyze` writes what it found.
enum AnalysisFormat: String, CaseIterable, ExpressibleByArgument {
    /// A JSON line for each event, in the order in which they began: the Event JSON of the API, as far as a file knows it
    /// (no clips, no snapshot, nothing delivered or archived).
    case events
    /// MOT Challenge lines (arXiv 1603.00831, 3.2): frame from 1, id, left, top, width, height, confidence, -1, -1, -1,
    /// for every frame, filled between looks.
    case mot

    /// The result as text, each line ended.
    func text(_ result: FileAnalysis.Result) throws -> String {
        switch self {
        case .mot: result.boxes.map { $0.description + "\n" }.joined()
        case .events: try Self.lines(result.events)
        }
    }

    private static func lines(_ events: [Event]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let nothing = DeliveryView(state: .waiting, attempts: 0, acknowledgedAt: nil, firstAcknowledgedAt: nil)
        return try events.indices.map { index in
            var event = events[index]
            event.snapshot = nil
            let view = EventView(
                event, camera: "file", clips: [:], delivery: nothing, servesFiles: false,
                previous: index > 0 ? events[index - 1].id : nil,
                next: index + 1 < events.count ? events[index + 1].id : nil)
            return String(decoding: try encoder.encode(view), as: UTF8.self) + "\n"
        }.joined()
    }
}
