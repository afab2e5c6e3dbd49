/// How many requests one may send: some at once, and then so many a second.
public struct RequestAllowance: Hashable, Sendable {
    public var atOnce: Double
    public var perSecond: Double

    public init(atOnce: Double, perSecond: Double) {
        self.atOnce = atOnce
        self.perSecond = perSecond
    }

    /// What everybody gets. A page loads about 120 files once; after that, one with sixteen cameras asks for at most sixteen pictures a
    /// second (where a browser cannot play their codec), and for the status every five seconds.
    public static func standard(_ kind: RequestKind) -> RequestAllowance {
        switch kind {
        case .reading: RequestAllowance(atOnce: 2_000, perSecond: 200)
        case .changing: RequestAllowance(atOnce: 200, perSecond: 10)
        case .fetching: RequestAllowance(atOnce: 1_000, perSecond: 50)
        case .expensive: RequestAllowance(atOnce: 30, perSecond: 0.5)
        }
    }
}
