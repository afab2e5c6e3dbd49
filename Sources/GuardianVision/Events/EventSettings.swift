/// When sightings are an event, and when it is over. Times in milliseconds.
public struct EventSettings: Sendable, Hashable {
    /// So many sightings …
    public var looksToOpen: Int
    /// … whose confidences add up to this …
    public var confidenceToOpen: Double
    /// … with at least one as sure as this, open an event.
    public var bestToOpen: Double
    /// After so long without a sighting it is over.
    public var quiet: Int64
    /// The first better view is told after so long, each further one after twice as long as the one before: each costs
    /// a picture, and that the decoding of its whole GOP.
    public var updateInterval: Int64
    /// … and only when it is so many times better.
    public var betterBy: Double
    /// A path keeps at most so many points.
    public var pathLimit: Int

    public init(
        looksToOpen: Int = 4, confidenceToOpen: Double = 2, bestToOpen: Double = 0.5, quiet: Int64 = 9000,
        updateInterval: Int64 = 2000, betterBy: Double = 1.25, pathLimit: Int = 240
    ) {
        self.looksToOpen = looksToOpen
        self.confidenceToOpen = confidenceToOpen
        self.bestToOpen = bestToOpen
        self.quiet = quiet
        self.updateInterval = updateInterval
        self.betterBy = betterBy
        self.pathLimit = pathLimit
    }
}
