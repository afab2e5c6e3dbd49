import GuardianCore

/// A gap in the coverage: a time in which one camera, or all of them, was not recorded or not watched.
public struct CoverageView: Codable, Sendable {
    /// The camera's alias; `null`, like `cameraId`, when the gap concerns all cameras.
    @Nullable public var camera: String?
    @Nullable public var cameraId: CameraID?
    public var from: Moment
    /// `null` while it lasts.
    @Nullable public var to: Moment?
    public var reason: CoverageGap.Reason
    @Nullable public var text: String?

    /// - Parameter names: name the camera.
    public init(_ gap: CoverageGap, names: CameraNames) {
        camera = gap.camera.map(names.name(of:))
        cameraId = gap.camera
        from = gap.from.moment
        to = gap.to?.moment
        reason = gap.reason
        text = gap.text
    }
}

/// The gaps in a span, and since when there is anything to say.
public struct CoveragePage: Codable, Sendable {
    public var items: [CoverageView]
    /// Always `null`: all gaps are on one page.
    @Nullable public var nextCursor: String?
    /// Since when the camera, or every camera, is known to have been watched, except in the gaps: without a gap before
    /// that, nothing is known. `null` while it has never been looked at.
    @Nullable public var watchedSince: Moment?

    public init(items: [CoverageView], watchedSince: Timestamp?) {
        self.items = items
        nextCursor = nil
        self.watchedSince = watchedSince?.moment
    }
}

/// The number of events that began in each step of a span.
public struct DensityView: Codable, Sendable {
    public struct Step: Codable, Sendable {
        public var at: Moment
        public var count: Int

        public init(at: Timestamp, count: Int) {
            self.at = at.moment
            self.count = count
        }
    }

    public var from: Moment
    public var to: Moment
    /// Seconds.
    public var step: Int64
    /// Steps without events are left out.
    public var items: [Step]

    public init(from: Timestamp, to: Timestamp, step: Int64, items: [Step]) {
        self.from = from.moment
        self.to = to.moment
        self.step = step
        self.items = items
    }
}
