import Foundation
import GuardianCore

/// A picture with known content: a detector that does not find what is in it does not see. `scripts/bootstrap` makes the
/// picture together with the model, from real footage.
public struct SightProof: Sendable {
    private let check: ModelDescription.Check
    private let expected: Box
    private let picture: [UInt8]

    /// Reads the picture from the model's folder. `nil` when the model has none.
    ///
    /// - Throws: `dataLoss` when the picture is missing, `invalidArgument` when its description is malformed.
    public init?(of model: ModelDescription, folder: URL) throws {
        guard let check = model.check else { return nil }
        do {
            picture = [UInt8](try Data(contentsOf: folder.appending(path: check.picture)))
        } catch {
            throw GuardianError(.dataLoss, "The model's check picture is missing: run scripts/bootstrap.", cause: error)
        }
        guard check.box.count == 4 else {
            throw GuardianError(.invalidArgument, "The model's check must have a box of four numbers.")
        }
        expected = Box(x: check.box[0], y: check.box[1], width: check.box[2], height: check.box[3])
        self.check = check
    }

    /// Lets a detector look at the picture. Blocks as `Detector.detect` does.
    ///
    /// - Throws: `failedPrecondition` when the detector does not find what is there; what `detect` throws.
    public func prove(_ detector: any Detector) throws {
        let isFound = try detector.detect([picture]).first?.contains {
            $0.label == check.label && $0.score >= check.score * 0.7 && $0.box.overlap(expected) >= 0.6
        }
        guard isFound == true else {
            throw GuardianError(
                .failedPrecondition,
                "The model \(detector.model.name) does not detect the \(check.label) in its check picture on this machine."
            )
        }
    }
}
