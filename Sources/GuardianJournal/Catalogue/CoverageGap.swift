import GuardianCore

/// A time in which a camera was not recorded or not watched.
public struct CoverageGap: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        case cameraLost = "camera_lost"
        case watchLost = "watch_lost"
        case diskFull = "disk_full"
        case stopped
        case fell

        init?(_ change: Coverage.Change) {
            switch change {
            case .cameraLost: self = .cameraLost
            case .watchLost: self = .watchLost
            case .diskFull: self = .diskFull
            case .stopped: self = .stopped
            case .fell: self = .fell
            case .started, .cameraBack, .watchBack, .diskBack: return nil
            }
        }
    }

    /// `nil`: every camera of the device.
    public let camera: CameraID?
    public let from: Timestamp
    /// `nil`: it goes on.
    public let to: Timestamp?
    public let reason: Reason
    /// For a person.
    public let text: String?
}

/// Turns changes of coverage into gaps. Losses and returns of one thing at one device, and the recorder's own coming and
/// going, which ends every other loss: while it is away that is the gap, and when it is back it says anew what it lacks.
struct GapTimeline {
    private var open: Coverage?
    private(set) var gaps: [CoverageGap] = []

    /// Changes in the order of their time. `recorder` tells that the change is the recorder's, not the thing's.
    mutating func apply(_ change: Coverage, recorder: Bool) {
        if recorder || !change.change.isLoss {
            close(at: change.at)
        } else if open == nil {
            open = change
        }
    }

    /// The gaps, the one that goes on included.
    consuming func finished() -> [CoverageGap] {
        guard let open, let reason = CoverageGap.Reason(open.change) else { return gaps }
        return gaps + [CoverageGap(camera: open.camera, from: open.at, to: nil, reason: reason, text: open.reason)]
    }

    private mutating func close(at time: Timestamp) {
        guard let lost = open, let reason = CoverageGap.Reason(lost.change) else { return }
        open = nil
        guard time > lost.at else { return }
        gaps.append(CoverageGap(camera: lost.camera, from: lost.at, to: time, reason: reason, text: lost.reason))
    }
}
