import GuardianCore

/// Something that a model found in one picture.
public struct Detection: Hashable, Sendable {
    public var label: Label
    /// 0 to 1.
    public var score: Double
    /// In fractions of the picture that was given; may reach a little beyond it.
    public var box: Box

    public init(label: Label, score: Double, box: Box) {
        self.label = label
        self.score = score
        self.box = box
    }
}

/// Finds objects in pictures: OpenVINO in the AI service, a scripted one in tests.
public protocol Detector: Sendable {
    var model: ModelDescription { get }

    /// What stands in each picture, best first, without doubles.
    ///
    /// - Parameter pictures: RGB24, `model.input.width` x `model.input.height` pixels each, rows from the top without gaps.
    /// - Throws: `GuardianError`; `invalidArgument` for a picture of another size.
    ///
    /// Blocks for some milliseconds a picture: call it on a thread of your own, never on the cooperative pool.
    func detect(_ pictures: [[UInt8]]) throws -> [[Detection]]
}
