import GuardianCore

/// One object that a model detected in one picture.
public struct Detection: Hashable, Sendable {
    public var label: Label
    /// 0 to 1.
    public var score: Double
    /// In fractions of the input picture; may extend a little beyond it.
    public var box: Box

    public init(label: Label, score: Double, box: Box) {
        self.label = label
        self.score = score
        self.box = box
    }
}

/// Detects objects in pictures: OpenVINO in the AI service, a scripted detector in tests.
public protocol Detector: Sendable {
    var model: ModelDescription { get }

    /// Returns the detections in each picture, highest score first, without duplicates.
    ///
    /// - Parameter pictures: RGB24, `model.input.width` x `model.input.height` pixels
    ///   each, rows from the top without padding.
    /// - Throws: `GuardianError`; `invalidArgument` for a picture of another size.
    ///
    /// Blocks for some milliseconds per picture: call it on a dedicated thread, never on the cooperative pool.
    func detect(_ pictures: [[UInt8]]) throws -> [[Detection]]
}
