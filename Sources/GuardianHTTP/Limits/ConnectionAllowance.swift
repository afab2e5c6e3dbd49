/// How many connections one server has at once.
public struct ConnectionAllowance: Hashable, Sendable {
    /// All of them. Further ones wait in the system's queue.
    public var total = 512
    /// Those of one place: ten browsers that speak HTTP/1.1, with six connections each.
    public var ofOnePlace = 64
    /// Those that are kept for places with few connections.
    public var reserved = 64
    /// The most of one place when only reserved ones are left.
    public var ofOnePlaceWhenScarce = 4

    public init() {}
}
