import GuardianClients
import GuardianCore

/// One of a camera's streams as it can be asked for.
public struct MediaProfile: Sendable, Equatable {
    public enum Codec: Sendable, Equatable {
        case h264, h265
        /// One that is not recorded, by the camera's name for it; empty when it gives none.
        case other(String)
    }

    /// How the camera names it in requests.
    package var token: String
    public var name: String
    /// The lens that it shows; a recorder or a camera with two lenses has several.
    public var source: String
    public var codec: Codec
    /// Pixels; 0 when unknown.
    public var width: Int
    public var height: Int
    /// Frames a second at most; 0 when unknown.
    public var frameRate: Double

    public init(
        token: String, name: String = "", source: String = "", codec: Codec, width: Int, height: Int,
        frameRate: Double = 0
    ) {
        self.token = token
        self.name = name
        self.source = source
        self.codec = codec
        self.width = width
        self.height = height
        self.frameRate = frameRate
    }

    /// The profiles that are looked at; a recorder with 32 channels has 96.
    package static let limit = 256

    /// Reads `GetProfilesResponse` of either media service. Profiles without a token or a video source are left out.
    package static func all(in response: XMLElement) -> [MediaProfile] {
        response.all("Profiles").prefix(limit).compactMap { MediaProfile($0) }
    }

    private init?(_ profile: XMLElement) {
        let second = profile["Configurations"]
        guard let token = profile.attributes["token"], (1...128).contains(token.utf8.count),
            let source = profile["VideoSourceConfiguration"] ?? second?["VideoSource"]
        else { return nil }
        let encoder = profile["VideoEncoderConfiguration"] ?? second?["VideoEncoder"]
        let size = encoder?["Resolution"]
        self.init(
            token: token, name: PlainText.cut(profile["Name"]?.trimmed ?? "", bytes: 64),
            source: PlainText.cut(source["SourceToken"]?.trimmed ?? "", bytes: 128),
            codec: Self.codec(encoder?["Encoding"]?.trimmed ?? ""), width: Self.pixels(size?["Width"]),
            height: Self.pixels(size?["Height"]), frameRate: Self.rate(encoder?["RateControl"]?["FrameRateLimit"]))
    }

    private static func codec(_ name: String) -> Codec {
        switch name.uppercased() {
        case "H264": .h264
        case "H265", "HEVC": .h265
        default: .other(PlainText.cut(name, bytes: 32))
        }
    }

    private static func pixels(_ element: XMLElement?) -> Int {
        (element.flatMap { Int($0.trimmed) }).flatMap { (1...65_535).contains($0) ? $0 : nil } ?? 0
    }

    private static func rate(_ element: XMLElement?) -> Double {
        (element.flatMap { Double($0.trimmed) }).flatMap { (0...1_000).contains($0) ? $0 : nil } ?? 0
    }
}
