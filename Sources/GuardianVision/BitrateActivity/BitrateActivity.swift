import GuardianCore

/// Estimates from packet sizes alone, without decoding, whether there is motion in a stream.
///
/// Without motion the packets between keyframes are small and similar in size; motion makes them larger. A slow mean
/// and deviation of the quiet sizes is kept for each stream. Where sizes vary so much that they show nothing (noise at
/// night, a camera with constant bitrate), the verdict is always active and everything is decoded.
public struct BitrateActivity: Sendable, Hashable {
    public struct Settings: Sendable, Hashable {
        /// A packet counts as large when its size is this many deviations above the mean …
        public var deviations: Double
        /// … and also this many times the mean.
        public var ratio: Double
        /// The stream becomes quiet after this time without a large packet.
        public var hold: Duration
        /// When sizes deviate by more than this fraction of a keyframe, motion could not be noticed: always active.
        public var hidden: Double

        public init(deviations: Double = 4, ratio: Double = 1.25, hold: Duration = .seconds(2), hidden: Double = 0.03) {
            self.deviations = deviations
            self.ratio = ratio
            self.hold = hold
            self.hidden = hidden
        }
    }

    public enum Verdict: Sendable, Hashable {
        /// No motion: keyframes are enough.
        case quiet
        /// Motion is likely: the packets since the last keyframe and all that follow are needed.
        case active
    }

    /// The usual size of the packets at one position after a keyframe: encoders make the first ones larger.
    private struct UsualSize: Sendable, Hashable {
        var count = 0
        var mean = 0.0

        mutating func learn(_ size: Double, isLarge: Bool) {
            count += 1
            mean += (size - mean) * (isLarge && count > 2 ? 0.02 : max(0.1, 1 / Double(count)))
        }
    }

    /// The first packets, while the mean is learned: always active.
    private static let learning = 20
    /// Positions after a keyframe with a usual size of their own; later packets share the last one.
    private static let positions = 64

    private let settings: Settings
    private var usualSizes = [UsualSize](repeating: UsualSize(), count: positions)
    private var position = 0
    private var count = 0
    private var mean = 0.0
    private var deviation = 0.0
    private var keyframeMean = 0.0
    private var lastActive: MediaTime?

    public init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Updates the statistics with the size of one video packet.
    ///
    /// - Parameters:
    ///   - bytes: its size.
    ///   - isKeyframe: a keyframe's size depends on the scene's detail, not on motion; it is not compared.
    ///   - mediaTime: its presentation time.
    public mutating func update(bytes: Int, isKeyframe: Bool, mediaTime: MediaTime) -> Verdict {
        let size = Double(bytes)
        if isKeyframe {
            keyframeMean = keyframeMean > 0 ? keyframeMean + (size - keyframeMean) * 0.2 : size
            position = 0
            return verdict(at: mediaTime)
        }
        position += 1
        count += 1
        let index = min(position, Self.positions) - 1
        let usual = usualSizes[index]
        let expected = usual.count >= 2 ? usual.mean : mean
        let limit = max(expected * settings.ratio, expected + settings.deviations * deviation) + 64
        // Large packets are learned slowly: a scene that stays busier becomes the usual.
        let isLarge = count > Self.learning && size > limit
        mean += (size - mean) * (count <= Self.learning ? 1 / Double(count) : isLarge ? 0.002 : 0.02)
        deviation += (abs(size - expected) - deviation) * (count <= Self.learning ? 0.1 : isLarge ? 0.002 : 0.02)
        usualSizes[index].learn(size, isLarge: isLarge)
        if isLarge || count <= Self.learning { lastActive = mediaTime }
        // A small person adds a few hundredths of a keyframe to each packet: a wider deviation would hide that.
        if settings.deviations * deviation > max(600, keyframeMean * settings.hidden) { lastActive = mediaTime }
        return verdict(at: mediaTime)
    }

    private func verdict(at mediaTime: MediaTime) -> Verdict {
        guard let lastActive, mediaTime >= lastActive else { return .quiet }
        return mediaTime - lastActive <= settings.hold ? .active : .quiet
    }
}
