import CLibAV

/// How a video stream is coded.
public enum VideoCodec: Sendable, Hashable, Codable {
    case h264
    case h265
    /// Anything else that libav reads, by libav's name (`mpeg4`, `mjpeg`, …): it can be looked at, not recorded.
    case other(String)

    /// `h264`, `h265` or libav's name.
    public var name: String {
        switch self {
        case .h264: "h264"
        case .h265: "h265"
        case .other(let name): name
        }
    }

    /// The codec of that name; `hevc` is libav's name of H.265.
    public init(name: String) {
        switch name {
        case "h264": self = .h264
        case "h265", "hevc": self = .h265
        default: self = .other(name)
        }
    }

    /// Whether a clip takes it as it comes.
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
