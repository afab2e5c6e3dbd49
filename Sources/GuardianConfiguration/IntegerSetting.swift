/// A whole number of a configuration: its key, the values that are allowed, and the one that holds when nobody sets it.
public struct IntegerSetting: Sendable, Hashable {
    public let key: String
    public let range: ClosedRange<Int>
    public let usual: Int

    public init(_ key: String, in range: ClosedRange<Int>, usual: Int) {
        self.key = key
        self.range = range
        self.usual = usual
    }
}

extension ConfigurationSection {
    /// Reads a whole number; its usual value when it is not set.
    ///
    /// - Throws: `invalidArgument` when it is no whole number, or out of range.
    public func integer(_ setting: IntegerSetting) throws -> Int {
        try integer(setting.key, in: setting.range) ?? setting.usual
    }
}
