/// A camera that a search found, or that was asked for its streams.
public struct FoundCameraView: Codable, Sendable {
    /// What became of it. The raw values stand in the API, and so never change.
    public enum Outcome: String, Codable, Sendable, CaseIterable {
        /// It answered the search and was not asked.
        case found
        case streams
        case needsLogin = "needs_login"
        case refused
        case locked
        /// The login was not tried, because the camera names another maker, or none.
        case otherMaker = "other_maker"
        /// The login was not tried, because the camera takes it only so that others on the network can read it.
        case clearTextOnly = "clear_text_only"
        case unreachable
        case failed
    }

    /// Where it is asked: to be given back in a request.
    public var address: String
    public var host: String
    @Nullable public var maker: String?
    @Nullable public var model: String?
    @Nullable public var name: String?
    /// What a person should know of it, in sentences.
    @Nullable public var note: String?
    /// The alias of a saved camera at the same host.
    @Nullable public var camera: String?
    public var outcome: Outcome
    /// One for each lens; empty unless the outcome is `streams`.
    public var streams: [FoundStreamView] = []

    public init(address: String, host: String, outcome: Outcome) {
        self.address = address
        self.host = host
        self.outcome = outcome
        (maker, model, name, note, camera) = (nil, nil, nil, nil, nil)
    }
}

/// The streams of one lens.
public struct FoundStreamView: Codable, Sendable {
    /// The camera's name for the main stream.
    @Nullable public var name: String?
    /// Without user name and password before the host. Some makers put a password behind it, without which it is of no use.
    public var source: String
    /// A smaller stream of the same view, for detection.
    @Nullable public var detect: String?
    /// `h264` or `h265`.
    @Nullable public var codec: String?
    /// Pixels.
    @Nullable public var width: Int?
    @Nullable public var height: Int?
    /// Frames a second at most.
    @Nullable public var frameRate: Double?
    /// Pixels of the smaller stream.
    @Nullable public var detectWidth: Int?
    @Nullable public var detectHeight: Int?

    public init(source: String, detect: String? = nil) {
        self.source = source
        self.detect = detect
        (name, codec, width, height, frameRate, detectWidth, detectHeight) = (nil, nil, nil, nil, nil, nil, nil)
    }
}

/// The cameras that a search or a question found.
public struct FoundCamerasView: Codable, Sendable {
    public var items: [FoundCameraView]

    public init(items: [FoundCameraView]) { self.items = items }
}
