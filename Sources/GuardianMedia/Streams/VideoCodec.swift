import CLibAV

/// The codec of a video stream.
public enum VideoCodec: Sendable, Hashable, Codable {
    case h264
    case h265
    /// Any other codec that libav decodes, by libav's name (`mpeg4`, `mjpeg`, …): it can be analysed, not recorded.
    case other(String)

    /// `h264`, `h265` or libav's name.
    public var name: String {
        switch self {
        case .h264: "h264"
        case .h265: "h265"
        case .other(let name): name
        }
    }

    /// Creates the codec with this name; `hevc` is libav's name for H.265.
    public init(name: String) {
        switch name {
        case "h264": self = .h264
        case "h265", "hevc": self = .h265
        default: self = .other(name)
        }
    }

    /// Whether it can be recorded to a clip without re-encoding.
    public var isRecordable: Bool {
        switch self {
        case .h264, .h265: true
        case .other: false
        }
    }

    init(_ id: AVCodecID) { self.init(name: String(cString: avcodec_get_name(id))) }

    var libavID: AVCodecID {
        switch self {
        case .h264: return AV_CODEC_ID_H264
        case .h265: return AV_CODEC_ID_HEVC
        case .other(let name): return avcodec_descriptor_get_by_name(name)?.pointee.id ?? AV_CODEC_ID_NONE
        }
    }
}
