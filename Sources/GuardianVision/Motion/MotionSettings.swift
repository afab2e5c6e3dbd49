/// When a cell of the small picture counts as moved.
public struct MotionSettings: Sendable, Hashable {
    /// Cells across a picture's width; its height follows the aspect.
    public var columns: Int
    /// Grey levels (0 to 255) that a cell must differ from its background at least.
    public var threshold: Int
    /// … and so many times its usual deviation.
    public var deviations: Int
    /// Smaller blobs, in cells, are noise.
    public var smallest: Int
    /// When more than this fraction of the picture changed at once, it is the light or the camera, not an object.
    public var sceneChange: Double
    /// So many looks at the same new value make it the background.
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
