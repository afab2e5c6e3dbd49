import GuardianCore
import GuardianMedia
import GuardianVision

/// Analyses one camera: packets in, observations out. Used from one thread; each call blocks while it decodes.
///
/// After missing packets (lost by the camera, or left out by the edge while the stream is quiet) it continues at the
/// next keyframe. When a whole GOP arrives at once, it is decoded as fast as possible and analysed at the usual rate in
/// media time.
public final class Watch {
    public let stream: StreamDescription
    /// The counts since the beginning.
    public var effort: WatchEffort {
        var sum = own
        if let analyzer { sum += analyzer.effort }
        return sum
    }

    private let settings: WatchSettings
    private let turn: QuarterTurn
    private let views: BestViews?
    private let detector: any Detector
    private let decoder: VideoDecoder
    private var analyzer: FrameAnalyzer?
    private var own = WatchEffort()
    private var lastSequence: Int64?
    private var isBroken = true
    private var nextLook: MediaTime?
    private var lastLook: MediaTime?

    /// - Parameters:
    ///   - stream: the stream's description; create a new watch when the stream changes.
    ///   - views: keeps the frames for snapshots; `nil` when snapshots come from another stream.
    ///   - turn: makes the decoded frames upright.
    /// - Throws: `unimplemented` when there is no decoder for it.
    public init(
        stream: StreamDescription, detector: any Detector, settings: WatchSettings = WatchSettings(),
        views: BestViews? = nil, turn: QuarterTurn = .none
    ) throws {
        self.stream = stream
        self.turn = turn
        self.detector = detector
        self.settings = settings
        self.views = views
        decoder = try VideoDecoder(stream: stream, options: .init(skipsLoopFilter: views == nil))
    }

    /// Processes the next packet in decoding order. Packets may be missing between two calls, as `Packet.sequence` and
    /// `discontinuity` show.
    public func process(_ packet: Packet) throws -> WatchReport {
        guard packet.kind == .video else { return WatchReport(attention: attention) }
        var frames: [PictureFrame] = []
        if isGap(before: packet) {
            if !isBroken { frames += try decoder.flush() }
            isBroken = true
        }
        lastSequence = packet.sequence
        var skipped = 0
        if packet.isKeyframe {
            isBroken = false
            // Without the loop filter decoding takes a fifth less time, and the detector finds as much because its
            // regions are scaled down. People would see the difference in a snapshot, but none is made while quiet.
            decoder.options.skipsLoopFilter = views == nil || attention == .quiet
        }
        if isBroken { skipped = 1 } else { frames += try decoder.decode(packet) }
        var report = try look(at: frames)
        report.effort.skipped = skipped
        own.skipped += skipped
        return report
    }

    /// Analyses the frames that are still in the decoder: at the end, or when only keyframes follow.
    public func flush() throws -> WatchReport {
        let frames = isBroken ? [] : try decoder.flush()
        isBroken = true
        return try look(at: frames)
    }

    /// Which packets are needed from now on.
    public var attention: Attention { analyzer?.attention(at: lastLook ?? 0) ?? .looking }

    private func isGap(before packet: Packet) -> Bool {
        if packet.discontinuity || packet.missingBefore > 0 { return true }
        guard let lastSequence else { return true }
        return packet.sequence != lastSequence + 1
    }

    private func look(at frames: [PictureFrame]) throws -> WatchReport {
        var observations: [Observation] = []
        let before = effort
        own.decoded += frames.count
        for decoded in frames where isDue(decoded) {
            let frame = try decoded.turned(turn)
            if analyzer?.fits(frame) != true {
                if let analyzer { own += analyzer.effort }
                let shown = frame.displaySize
                analyzer = FrameAnalyzer(
                    width: frame.width, height: frame.height,
                    aspect: Double(max(1, shown.width)) / Double(max(1, shown.height)), detector: detector,
                    settings: settings)
            }
            guard let analyzer else { continue }
            let observation = try analyzer.look(frame, at: frame.mediaTime)
            // Frames decoded without the loop filter are not good enough for snapshots.
            if !decoder.options.skipsLoopFilter { views?.add(frame, observation.tracks) }
            observations.append(observation)
            lastLook = frame.mediaTime
        }
        var spent = effort
        spent.decoded -= before.decoded
        spent.looks -= before.looks
        spent.detections -= before.detections
        spent.skipped = 0
        return WatchReport(observations: observations, attention: attention, effort: spent)
    }

    /// Returns whether the next look is due. The tolerance keeps the rate when frame times do not divide it evenly.
    private func isDue(_ frame: PictureFrame) -> Bool {
        let time = frame.mediaTime
        if let lastLook, time <= lastLook {
            // Media time jumped back: restart the schedule and the tracks.
            guard lastLook - time > .seconds(5) else { return false }
            nextLook = nil
            analyzer = nil
        }
        guard let due = nextLook else {
            nextLook = time + settings.interval
            return true
        }
        guard time >= due - .milliseconds(10) else { return false }
        nextLook = max(due + settings.interval, time + settings.interval / 2)
        return true
    }
}
