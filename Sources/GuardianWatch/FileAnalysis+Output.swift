import Foundation
import GuardianCore

extension FileAnalysis.Result {
    /// The result as text, each line ended.
    ///
    /// - Parameter camera: what stands as the camera's alias in the Event JSON.
    public func text(_ format: FileAnalysis.Format, camera: String = "file") throws -> String {
        switch format {
        case .mot: return boxes.map { $0.description + "\n" }.joined()
        case .events:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let ids = events.map(\.id)
            return try events.indices.map { index in
                let line = EventLine(
                    events[index], camera: camera, previous: index > 0 ? ids[index - 1] : nil,
                    next: index + 1 < ids.count ? ids[index + 1] : nil)
                return String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
            }.joined()
        }
    }
}

/// The Event JSON of the API, as far as a file knows it.
private struct EventLine: Encodable {
    struct Place: Encodable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
    }

    struct Delivery: Encodable {
        var state = "waiting"
        var attempts = 0
    }

    struct Archive: Encodable {
        var state = "off"
    }

    var event: Event
    var camera: String
    var previous: EventID?
    var next: EventID?

    init(_ event: Event, camera: String, previous: EventID?, next: EventID?) {
        self.event = event
        self.camera = camera
        self.previous = previous
        self.next = next
    }

    private enum Key: String, CodingKey {
        case id, camera, cameraId, label, state, confidence, box, startedAt, endedAt, path, snapshot, clips, delivery
        case archive, previous, next
    }

    func encode(to encoder: any Encoder) throws {
        var line = encoder.container(keyedBy: Key.self)
        try line.encode(event.id, forKey: .id)
        try line.encode(camera, forKey: .camera)
        try line.encode(event.camera, forKey: .cameraId)
        try line.encode(event.label, forKey: .label)
        try line.encode(event.state, forKey: .state)
        try line.encode(Self.round(event.confidence, 1000), forKey: .confidence)
        let box = event.box
        try line.encode(
            Place(
                x: Self.round(box.x), y: Self.round(box.y), width: Self.round(box.width), height: Self.round(box.height)
            ),
            forKey: .box)
        try line.encode(event.startedAt.rfc3339, forKey: .startedAt)
        try line.encode(event.endedAt.rfc3339, forKey: .endedAt)
        try line.encode(
            event.path.map {
                [
                    Double($0.offset), Self.round($0.box.x), Self.round($0.box.y), Self.round($0.box.width),
                    Self.round($0.box.height),
                ]
            }, forKey: .path)
        try line.encodeNil(forKey: .snapshot)
        try line.encode([String](), forKey: .clips)
        try line.encode(Delivery(), forKey: .delivery)
        try line.encode(Archive(), forKey: .archive)
        try line.encode(previous, forKey: .previous)
        try line.encode(next, forKey: .next)
    }

    private static func round(_ value: Double, _ scale: Double = 10000) -> Double { (value * scale).rounded() / scale }
}
