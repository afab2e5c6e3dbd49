import GuardianCore

/// What a decoder, a clip or a player must know of a stream before its first packet.
///
/// All packets of all streams count time in ticks of 1/90,000 s (`MediaTicks`), whatever their source used.
public struct StreamDescription: Sendable, Hashable {
    public var codec: VideoCodec
    /// The codec's parameter sets as the source gave them: an avcC/hvcC record when they came from a file, Annex B NAL
    /// units when they came over RTP. May be empty for codecs without any.
    public var extradata: [UInt8]
    /// Pixels.
    public var width: Int
    public var height: Int
    /// `nil`: there is none, or it is not wanted.
    public var audio: AudioDescription?

    public init(codec: VideoCodec, extradata: [UInt8], width: Int, height: Int, audio: AudioDescription? = nil) {
        self.codec = codec
        self.extradata = extradata
        self.width = width
        self.height = height
        self.audio = audio
    }

    /// The same picture without sound.
    public var withoutAudio: StreamDescription {
        var copy = self
        copy.audio = nil
        return copy
    }
}

/// An AAC stream beside the picture.
public struct AudioDescription: Sendable, Hashable {
    /// AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1).
    public var configuration: [UInt8]
    /// Hertz.
    public var sampleRate: Int
    public var channels: Int

    public init(configuration: [UInt8], sampleRate: Int, channels: Int) {
        self.configuration = configuration
        self.sampleRate = sampleRate
        self.channels = channels
    }
}

/// The one time base of all packets: RTP's clock for video (RFC 3551, 4.5).
public enum MediaTicks {
    /// Ticks in a second.
    public static let perSecond: Int64 = 90_000

    /// Milliseconds of so many ticks, rounded down.
    public static func milliseconds(_ ticks: Int64) -> Int64 {
        let (quotient, rest) = ticks.quotientAndRemainder(dividingBy: 90)
        return rest < 0 ? quotient - 1 : quotient
    }
}
