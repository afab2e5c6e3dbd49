import GuardianCore

/// One item of a live view. `start` comes before the first fragment and again after each change of the stream.
public enum LivePiece: Sendable {
    /// Codecs as in RFC 6381, and `ftyp` + `moov`.
    case start(codecs: String, initSegment: [UInt8])
    /// `moof` + `mdat`, about 200 ms of video.
    case fragment([UInt8])
    /// The camera's state changed.
    case state(CameraHealth)
}
