import GuardianCore
import GuardianMedia
import GuardianVision

/// Watches one camera: packets in, observations out. Used from one thread; each call blocks while it decodes and looks.
///
/// Copes with gaps: after packets that are missing (a camera that lost some, an edge that sends only keyframes while all
/// is quiet) it goes on at the next keyframe. When a whole GOP comes at once, to catch up on, it is decoded as fast as it
/// goes and looked at as often as ever in media time.
public final class Watch {
    public let stream: StreamDescription
    /// Everything that it did so far.
    public var effort: WatchEffort {
        var sum = own
        if let analyzer { sum += analyzer.effort }
        return sum
    }

    private let settings: WatchSettings
    private let views: BestViews?
    private let detector: any Detector
    private let decoder: VideoDecoder
    private var analyzer: FrameAnalyzer?
    private var own = WatchEffort()
    private var lastSequence: Int64?
    private var lastPTS: Int64?
    private var isBroken = true
    private var nextLook: Int64?
    private var lastLook: Int64?

    /// - Parameters:
    ///   - stream: as its source describes it; after a change of the stream make a new watch.
    ///   - views: keeps the pictures that snapshots will be made of; `nil` when they come from another stream.
    /// - Throws: `unimplemented` when there is no decoder for it.
    public init(
        stream: StreamDescription, detector: any Detector, settings: WatchSettings = WatchSettings(),
        views: BestViews? = nil
    ) throws {
        self.stream = stream
        self.detector = detector
        self.settings = settings
        self.views = views
        decoder = try VideoDecoder(stream: stream, options: .init(skipsLoopFilter: views == nil))
    }

    /// Takes in the next packet in decoding order; packets may be missing between two calls (`Packet.sequence` and
    /// `discontinuity` tell).
    public func process(_ packet: Packet) throws -> WatchReport {
        guard packet.kind == .video else { return WatchReport(attention: attention) }
        var frames: [PictureFrame] = []
        if isGap(before: packet) {
            if !isBroken { frames += try decoder.flush() }
            isBroken = true
        }
        lastSequence = packet.sequence
        var passedOver = 0
        if packet.isKeyframe {
            // Pictures before a keyframe that begins a new run are complete: nothing refers over it after a flush.
            isBroken = false
            // Without it a fifth of the decoding is spared, and the detector finds as much: its squares are scaled down
            // in any case. People who look at a picture see the difference, but while all is quiet nobody asks for one.
            decoder.options.skipsLoopFilter = views == nil || attention == .quiet
        }
        if isBroken { passedOver = 1 } else { frames += try decoder.decode(packet) }
        var report = try look(at: frames)
        report.effort.passedOver = passedOver
        own.passedOver += passedOver
        return report
    }

    /// Looks at what the decoder still holds: at the end, or when only keyframes come from here on.
    public func flush() throws -> WatchReport {
        let frames = isBroken ? [] : try decoder.flush()
        isBroken = true
        return try look(at: frames)
    }

    /// What is needed of the camera from now on.
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
        for frame in frames where isDue(frame) {
            if analyzer?.fits(frame) != true {
                if let analyzer { own += analyzer.effort }
                analyzer = FrameAnalyzer(width: frame.width, height: frame.height, detector: detector, settings: settings)
            }
            guard let analyzer else { continue }
            let observation = try analyzer.look(frame, at: frame.mediaTime)
            // What refers to a keyframe that was decoded without it is no clean picture either.
            if !decoder.options.skipsLoopFilter { views?.note(frame, observation.tracks) }
            observations.append(observation)
            lastLook = frame.mediaTime
        }
        var spent = effort
        spent.decoded -= before.decoded
        spent.looks -= before.looks
        spent.detections -= before.detections
        spent.passedOver = 0
        return WatchReport(observations: observations, attention: attention, effort: spent)
    }

    /// Whether it is time for the next look. Half a picture's tolerance keeps the rate where pictures do not divide it.
    private func isDue(_ frame: PictureFrame) -> Bool {
        let time = frame.mediaTime
        if let lastLook, time <= lastLook {
            // Time jumped back: begin the rhythm anew.
            guard lastLook - time > 5000 else { return false }
            nextLook = nil
            analyzer = nil
        }
        guard let due = nextLook else {
            nextLook = time + settings.interval
            return true
        }
        guard time >= due - 10 else { return false }
        nextLook = max(due + settings.interval, time + settings.interval / 2)
        return true
    }
}
