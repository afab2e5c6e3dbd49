import GuardianCore

/// What a live viewer gets, in order: `start` before the first fragment and again whenever the stream changed.
public enum LivePiece: Sendable {
    /// RFC 6381 and `ftyp` + `moov`.
    case start(codecs: String, initSegment: [UInt8])
    /// `moof` + `mdat`, about 200 ms of picture.
    case fragment([UInt8])
    /// The camera's state changed.
    case state(CameraHealth)
}
