/// The ranges of numbers that come from another process or from a file. They are checked once, where a message or file is
/// decoded; sums of a few thousand numbers within them do not overflow, so that the code behind needs no checks.
public enum Plausible {
    /// Ticks of a stream's own timeline: 1,500 years.
    public static let mediaTicks: ClosedRange<Int64> = -(1 << 52)...1 << 52
    /// Milliseconds of a stream's own timeline; wide enough for every one of `mediaTicks`.
    public static let mediaTime: ClosedRange<Int64> = -(1 << 46)...1 << 46
    /// Ticks that one packet lasts: 141 days.
    public static let packetTicks: ClosedRange<Int64> = 0...1 << 40
    /// Milliseconds of a clip or an event: 34 years.
    public static let duration: ClosedRange<Int64> = 0...1 << 40
    /// Milliseconds from an event's or a clip's beginning, in both directions.
    public static let offset: ClosedRange<Int64> = -(1 << 40)...1 << 40
    /// Bytes of one file: 16 TiB, the largest file of ext4.
    public static let fileSize: ClosedRange<Int64> = 0...1 << 44
    /// Bytes of an archive: 1 PiB.
    public static let storage: ClosedRange<Int64> = 0...1 << 50
    /// How many of something were counted.
    public static let count: ClosedRange<Int64> = 0...1 << 40
    /// The number of an entry or a packet, counted up from 0 or 1: more than a million a second for 100 years.
    public static let sequence: ClosedRange<Int64> = 0...1 << 52
}

extension ClosedRange<Int64> {
    /// Returns the number if it lies in the range; `nil` otherwise.
    public func checked(_ number: some BinaryInteger) -> Int64? {
        Int64(exactly: number).flatMap { contains($0) ? $0 : nil }
    }
}
