import COpenVINO
import Foundation
import GuardianCore

/// A detector that runs on this machine's CPU with OpenVINO.
///
/// The runtime is loaded with the first detector, so that a process without a detector never maps it.
public final class OpenVINODetector: Detector {
    public let model: ModelDescription
    /// The runtime's version, for logs and `doctor`.
    public let runtimeVersion: String
    private let network: OpenVINONetwork
    private let labels: [Label?]
    private let selection: CandidateSelection

    /// Loads the runtime, compiles the model and checks it (hashes, shapes, check picture). Takes about a second.
    ///
    /// - Parameters:
    ///   - places: the runtime's and the model's folders.
    ///   - requests: how many pictures may be processed in parallel.
    ///   - threads: threads per picture.
    ///   - labels: the labels to detect; the model's other labels are ignored.
    /// - Throws: `GuardianError` with the remedy: `notFound` (nothing installed), `dataLoss` (a file was changed),
    ///   `failedPrecondition` (the model does not match its description, or fails on its check picture).
    public init(
        places: OpenVINOPlaces = .find(), requests: Int = 1, threads: Int = 1, labels wanted: Set<Label> = [.person],
        selection: CandidateSelection = CandidateSelection()
    ) throws {
        let model = try ModelDescription.read(folder: places.model)
        self.model = model
        self.selection = selection
        labels = model.labels.enumerated().map { index, text in
            guard index > 0, let label = Label(text), wanted.contains(label) else { return nil }
            return label
        }
        network = try OpenVINONetwork(
            library: places.library(), xml: places.model.appending(path: "model.xml").path,
            bin: places.model.appending(path: "model.bin").path, threads: max(1, threads), requests: max(1, requests))
        runtimeVersion = network.version
        try checkShapes()
        try checkPicture(in: places.model)
    }

    public func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] {
        try pictures.map { picture in
            try network.run(picture, outputs: 2) { outputs in
                selection.decode(boxes: outputs[0], scores: outputs[1], labels: labels)
            }
        }
    }

    private func checkShapes() throws {
        let mismatch = { (what: String) in
            GuardianError(.failedPrecondition, "The model \(self.model.name) does not match model.json: its \(what).")
        }
        guard let input = network.shape(input: 0), input.type == Int32(gov_type_u8),
            input.dimensions == [1, model.input.height, model.input.width, 3]
        else { throw mismatch("input") }
        guard let boxes = network.shape(output: 0), boxes.type == Int32(gov_type_f32),
            boxes.dimensions.last == 4
        else { throw mismatch("boxes") }
        guard let scores = network.shape(output: 1), scores.type == Int32(gov_type_f32),
            scores.dimensions.last == model.labels.count,
            scores.dimensions.reduce(1, *) / model.labels.count == boxes.dimensions.reduce(1, *) / 4
        else { throw mismatch("scores") }
    }

    private func checkPicture(in folder: URL) throws {
        guard let proof = try SightProof(of: model, folder: folder) else {
            // Without a check picture it must at least run and detect nothing in a grey one.
            let size = model.input.width * model.input.height * 3
            guard try detect([[UInt8](repeating: 127, count: size)])[0].allSatisfy({ $0.score < 0.9 }) else {
                throw GuardianError(.failedPrecondition, "The model \(model.name) detects objects in an empty picture.")
            }
            return
        }
        try proof.prove(self)
    }
}
