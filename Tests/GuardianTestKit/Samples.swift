import Foundation
import GuardianCore
import GuardianJournal

/// A folder that is deleted with this object.
public final class TemporaryFolder: Sendable {
    public let url = FileManager.default.temporaryDirectory.appending(path: "guardian-\(UUID().uuidString)")

    public init() { try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    public func path(_ name: String) -> String { url.appending(path: name).path }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// Events, clips and times for tests.
public enum Sample {
    public static let start = Timestamp(milliseconds: 1_790_000_000_000)
    public static let front = CameraID(UUID())
    public static let yard = CameraID(UUID())
    public static let car = Label("car") ?? .person

    public static let judgement = Judgement(
        software: "guardian test", model: .sha256(of: [1, 2, 3]), thresholds: ["score": 500, "looks": 3],
        clock: .synchronised)

    public static func event(
        _ offset: Int64 = 0, camera: CameraID = front, label: Label = .person, state: Event.State = .open,
        clips: [ClipID] = []
    ) -> Event {
        Event(
            id: .v7(at: start + offset), camera: camera, label: label, state: state, confidence: 0.87,
            box: Box(x: 0.25, y: 0.5, width: 0.125, height: 0.375), startedAt: start + offset,
            endedAt: start + offset + 4_000,
            path: (0..<8).map {
                PathPoint(offset: $0 * 500, box: Box(x: 0.0625 * Double($0), y: 0.5, width: 0.125, height: 0.375))
            },
            snapshot: Snapshot(sha256: .sha256(of: [9]), width: 1_920, height: 1_080, at: start + offset),
            clips: clips.map { ClipSpan(clip: $0, from: 5_000, to: 9_000, preRollShort: false) })
    }

    public static func clip(
        _ offset: Int64 = 0, camera: CameraID = front, state: Clip.State = .complete, kind: Clip.Kind = .event
    ) -> Clip {
        Clip(
            id: .v7(at: start + offset), camera: camera, state: state, startedAt: start + offset,
            duration: state == .recording ? 0 : 14_000, size: state == .recording ? 0 : 3, sha256: nil,
            contentType: #"video/mp4; codecs="avc1.64001f""#, missingPackets: 0, kind: kind)
    }
}

extension Event {
    public func changed(_ change: (inout Event) -> Void) -> Event {
        var event = self
        change(&event)
        return event
    }
}
