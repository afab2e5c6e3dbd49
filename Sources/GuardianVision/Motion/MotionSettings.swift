/// When a cell of the small image counts as motion.
public struct MotionSettings: Sendable, Hashable {
    /// Cells across the frame's width; the number of rows follows the aspect ratio.
    public var columns: Int
    /// A cell counts as motion when it differs from its background by this many grey levels (0 to 255) …
    public var threshold: Int
    /// … and by this many times its usual deviation.
    public var deviations: Int
    /// The smallest blob in cells; smaller ones are noise.
    public var smallest: Int
    /// When more than this fraction of the frame changed at once, the cause is light or camera, not an object.
    public var sceneChange: Double
    /// Looks at the same new value until it becomes background.
    public var stillLooks: Int

    public init(
        columns: Int = 192, threshold: Int = 12, deviations: Int = 4, smallest: Int = 5, sceneChange: Double = 0.5,
        stillLooks: Int = 25
    ) {
        self.columns = columns
        self.threshold = threshold
        self.deviations = deviations
        self.smallest = smallest
        self.sceneChange = sceneChange
        self.stillLooks = stillLooks
    }
}
