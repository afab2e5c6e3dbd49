import GuardianCore

/// Limits that an edge and its node share.
public enum TelemetryLimits {
    /// Between two samples, by the monotonic clock.
    public static let interval: Duration = .seconds(10)
    /// The same in seconds: what one sample stands for in sums of time.
    public static let intervalSeconds: Int64 = 10
    /// Of one value. The sum of an hour of samples, one a second, stays far below 2^63.
    public static let values: ClosedRange<Int64> = -(1 << 48)...1 << 48
    /// Series of one sample and of one device.
    public static let series = 512
    /// Samples of one message: an hour.
    public static let samples = 360
    /// How old a sample may be when it arrives. For as long the seconds of a device's samples are remembered.
    public static let age: Duration = .seconds(48 * 3600)
    /// How far a sample may be in the future.
    public static let ahead: Duration = .seconds(120)
}
