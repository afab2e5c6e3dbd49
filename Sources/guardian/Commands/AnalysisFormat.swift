import ArgumentParser
import Foundation
import GuardianCore
import GuardianHTTP
import GuardianWatch

/// The output format of `guardian analyze`.
enum AnalysisFormat: String, CaseIterable, ExpressibleByArgument {
    /// A JSON line for each event, ordered by start: the API's Event JSON without
    /// clips, snapshot, delivery and archive.
    case events
    /// MOT Challenge lines (arXiv 1603.00831, 3.2): frame from 1, id, left, top, width, height, confidence, -1, -1, -1,
    /// for every frame, interpolated between looks.
    case mot

    /// Formats the result; every line ends with a newline.
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
