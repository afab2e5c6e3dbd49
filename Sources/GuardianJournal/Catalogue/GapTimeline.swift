import GuardianCore

extension CoverageGap.Reason {
    init?(_ change: Coverage.Change) {
        switch change {
        case .cameraLost: self = .cameraLost
        case .cameraPaused: self = .cameraPaused
        case .watchLost: self = .watchLost
        case .diskFull: self = .diskFull
        case .stopped: self = .stopped
        case .fell: self = .fell
        case .started, .cameraBack, .cameraRemoved, .watchBack, .diskBack: return nil
        }
    }
}

/// Turns changes of coverage into gaps: the losses and returns of one family and camera at one device, and the
/// recorder's own starts and stops. Each of the latter ends every other gap: while the recorder is stopped, that is the
/// gap, and when it has started, it reports again what is missing.
struct GapTimeline {
    private var open: Coverage?
    private(set) var gaps: [CoverageGap] = []

    /// Applies the next change in the order of time.
    ///
    /// - Parameter recorder: whether the change is the recorder's own start or stop.
    mutating func apply(_ change: Coverage, recorder: Bool) {
        if recorder || !change.change.isLoss {
            close(at: change.at)
        } else if let lost = open {
            // A camera that is lost and then paused, or the other way round: two gaps, each with its own reason.
            guard lost.change != change.change, change.change.family == .camera else { return }
            close(at: change.at)
            open = change
        } else {
            open = change
        }
    }

    /// Returns the gaps, including one that has not ended.
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
