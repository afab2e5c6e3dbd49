extension Duration {
    /// Whole milliseconds, rounded toward zero; as many as there are when it is longer.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooFar) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isTooLong) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return isTooFar || isTooLong ? (seconds < 0 ? .min : .max) : sum
    }

    /// The same duration, not negative.
    public var magnitude: Duration { self < .zero ? .zero - self : self }
}
