import GuardianConfiguration

/// The numbers of the section `recording`: what is allowed, and what holds when nobody sets it. `docs/reference/configuration.md`
/// says the same.
public enum RecordingLimits {
    /// Seconds recorded before an event's first sighting. A clip with less than the least of them is marked as short.
    public static let preRoll = IntegerSetting("preRoll", in: 2...60, usual: 5)
    /// Seconds recorded after an event's last sighting.
    public static let postRoll = IntegerSetting("postRoll", in: 1...60, usual: 5)
    /// The longest clip, in seconds.
    public static let maximum = IntegerSetting("maximum", in: 10...3600, usual: 300)
    /// MiB that stay free on the disk.
    public static let keepFree = IntegerSetting("keepFreeMegabytes", in: 64...1_000_000_000, usual: 2048)
    /// Days after which a clip is deleted. Usually none is: clips stay until their room is needed.
    public static let keepDays = 1...36_500

    public static let all = [preRoll, postRoll, maximum, keepFree]

    /// Seconds that may pass from an event's first sighting until it is recognised and its clip begins: for so much longer
    /// than the pre-roll packets are kept.
    public static let recognition = 10
}
