import GuardianCore

/// The properties of a stream that a decoder, a clip or a player needs before the first packet.
///
/// All packets count time in ticks of 1/90,000 s (`Ticks`), whatever unit their source used.
public struct StreamDescription: Sendable, Hashable {
    public var codec: VideoCodec
    /// The codec's parameter sets as in the source: an avcC/hvcC record from a file, Annex B NAL units over RTP. Empty
    /// for codecs without parameter sets.
    public var extradata: [UInt8]
    /// Pixels.
    public var width: Int
    public var height: Int
    /// `nil` when there is no audio, or it is not wanted.
    public var audio: AudioDescription?

    public init(codec: VideoCodec, extradata: [UInt8], width: Int, height: Int, audio: AudioDescription? = nil) {
        self.codec = codec
        self.extradata = extradata
        self.width = width
        self.height = height
        self.audio = audio
    }

    /// The same stream without audio.
    public var withoutAudio: StreamDescription {
        var copy = self
        copy.audio = nil
        return copy
    }
}

/// An AAC stream that accompanies the video.
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
