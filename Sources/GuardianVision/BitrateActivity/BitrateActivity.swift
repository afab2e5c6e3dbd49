/// Guesses from packet sizes alone whether something moves in a stream, before anything is decoded.
///
/// In a quiet picture the packets between keyframes are small and even; what moves makes them grow. Each stream keeps a
/// slow mean and deviation of its quiet sizes. Where sizes vary so much that they say nothing (noise at night, a camera
/// with constant bit rate) the activity says stirring, and everything is decoded.
public struct BitrateActivity: Sendable, Hashable {
    public struct Settings: Sendable, Hashable {
        /// A packet so many deviations over the mean stirs …
        public var deviations: Double
        /// … if it is also so many times the mean.
        public var ratio: Double
        /// Stirring ends when no packet stirred for so long, in milliseconds.
        public var hold: Int64
        /// Packets that scatter by more than this part of a keyframe say nothing.
        public var hidden: Double

        public init(deviations: Double = 4, ratio: Double = 1.25, hold: Int64 = 2000, hidden: Double = 0.03) {
            self.deviations = deviations
            self.ratio = ratio
            self.hold = hold
            self.hidden = hidden
        }
    }

    public enum Verdict: Sendable, Hashable {
        /// Keyframes are enough.
        case quiet
        /// The packets since the last keyframe and all that follow are needed.
        case stirring
    }

    /// What packets at one place behind their keyframe usually are: an encoder spends more on the first ones.
    private struct Usual: Sendable, Hashable {
        var count = 0
        var mean = 0.0

        mutating func learn(_ size: Double, isLarge: Bool) {
            count += 1
            mean += (size - mean) * (isLarge && count > 2 ? 0.02 : max(0.1, 1 / Double(count)))
        }
    }

    /// Packets at the beginning, while all is looked at.
    private static let learning = 20
    /// Places that are told apart; the packets behind them are alike.
    private static let places = 64

    private let settings: Settings
    private var usualSizes = [Usual](repeating: Usual(), count: places)
    private var position = 0
    private var count = 0
    private var mean = 0.0
    private var deviation = 0.0
    private var keyframeMean = 0.0
    private var lastStir: Int64?

    public init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Takes in one packet of the video.
    ///
    /// - Parameters:
    ///   - bytes: its size.
    ///   - isKeyframe: keyframes are as large as the scene is rich, and are looked at in any case: they say nothing here.
    ///   - mediaTime: milliseconds of the stream.
    public mutating func update(bytes: Int, isKeyframe: Bool, mediaTime: Int64) -> Verdict {
        let size = Double(bytes)
        if isKeyframe {
            keyframeMean = keyframeMean > 0 ? keyframeMean + (size - keyframeMean) * 0.2 : size
            position = 0
            return verdict(at: mediaTime)
        }
        position += 1
        count += 1
        let place = min(position, Self.places) - 1
        let usual = usualSizes[place]
        let expected = usual.count >= 2 ? usual.mean : mean
        let limit = max(expected * settings.ratio, expected + settings.deviations * deviation) + 64
        // What stirs is learned slowly: a scene that grew busier for good becomes the usual.
        let isLarge = count > Self.learning && size > limit
        mean += (size - mean) * (count <= Self.learning ? 1 / Double(count) : isLarge ? 0.002 : 0.02)
        deviation += (abs(size - expected) - deviation) * (count <= Self.learning ? 0.1 : isLarge ? 0.002 : 0.02)
        usualSizes[place].learn(size, isLarge: isLarge)
        if isLarge || count <= Self.learning { lastStir = mediaTime }
        // A small person adds some hundredths of a keyframe to each packet: sizes that scatter more widely hide them.
        if settings.deviations * deviation > max(600, keyframeMean * settings.hidden) { lastStir = mediaTime }
        return verdict(at: mediaTime)
    }

    private func verdict(at mediaTime: Int64) -> Verdict {
        guard let lastStir, mediaTime - lastStir >= 0 else { return .quiet }
        return mediaTime - lastStir <= settings.hold ? .stirring : .quiet
    }
}
