/// How many events of a label began in one hour of a time.
public struct EventHour: Hashable, Sendable {
    public let label: Label
    /// From 0, the time's first.
    public let hour: Int
    public let count: Int

    public init(label: Label, hour: Int, count: Int) {
        self.label = label
        self.hour = hour
        self.count = count
    }
}
