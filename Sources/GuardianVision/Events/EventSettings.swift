/// When sightings open an event and when it closes.
public struct EventSettings: Sendable, Hashable {
    /// An event opens after this many sightings …
    public var looksToOpen: Int
    /// … whose confidences add up to at least this …
    public var confidenceToOpen: Double
    /// … and of which at least one has this confidence.
    public var bestToOpen: Double
    /// An event closes after this time without a sighting.
    public var quiet: Duration
    /// The minimum time until the first better view is reported; doubled for each further one, because each costs a
    /// snapshot and decoding its whole GOP.
    public var updateInterval: Duration
    /// A better view is only reported when its quality is this many times higher.
    public var betterBy: Double
    /// The maximum number of points in a path.
    public var pathLimit: Int
    /// The maximum number of objects that are followed at once, open events and candidates together.
    public var visitLimit: Int
    /// The maximum number of tracks that an event names.
    public var trackLimit: Int

    public init(
        looksToOpen: Int = 4, confidenceToOpen: Double = 2, bestToOpen: Double = 0.5, quiet: Duration = .seconds(9),
        updateInterval: Duration = .seconds(2), betterBy: Double = 1.25, pathLimit: Int = 240,
        visitLimit: Int = 200, trackLimit: Int = 64
    ) {
        self.looksToOpen = looksToOpen
        self.confidenceToOpen = confidenceToOpen
        self.bestToOpen = bestToOpen
        self.quiet = quiet
        self.updateInterval = updateInterval
        self.betterBy = betterBy
        self.pathLimit = pathLimit
        self.visitLimit = max(1, visitLimit)
        self.trackLimit = max(2, trackLimit)
    }
}
