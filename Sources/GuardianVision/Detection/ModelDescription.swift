import Crypto
import Foundation
import GuardianCore

/// The contents of a model's `model.json`: its input, how to decode its outputs, its file hashes and a check picture.
public struct ModelDescription: Sendable, Hashable {
    /// How the outputs are decoded.
    public enum Layout: String, Sendable, Hashable, Codable, CaseIterable {
        /// Two outputs: boxes [n,4] as y1, x1, y2, x2 in fractions, and scores [n, labels]; duplicates not removed.
        case decodedSSD = "ssd-decoded"
    }

    /// Pixels.
    public struct Input: Sendable, Hashable, Codable {
        public var width: Int
        public var height: Int
    }

    /// A picture with known content: the model must detect this object in it.
    public struct Check: Sendable, Hashable, Codable {
        /// Raw RGB24 of the input's size, beside the model.
        public var picture: String
        public var label: Label
        /// x, y, width, height in fractions.
        public var box: [Double]
        public var score: Double
    }

    public var name: String
    /// SHA-256 of the weights, as recorded in a journal's opening entry.
    public var sha256: Hash256
    public var input: Input
    /// By index; the first is background.
    public var labels: [String]
    public var layout: Layout
    /// File names and their hashes.
    public var files: [String: Hash256]
    public var check: Check?

    public init(
        name: String, sha256: Hash256, input: Input, labels: [String], layout: Layout, files: [String: Hash256] = [:],
        check: Check? = nil
    ) {
        self.name = name
        self.sha256 = sha256
        self.input = input
        self.labels = labels
        self.layout = layout
        self.files = files
        self.check = check
    }
}

extension ModelDescription.Input {
    public init(side: Int) { self.init(width: side, height: side) }
}

extension ModelDescription {
    private struct File: Decodable {
        var name: String
        var layout: Layout
        var labels: [String]
        var input: Input
        var files: [String: Hash256]
        var check: Check?
    }

    /// Reads `model.json` in `folder` and checks every file that it names against its hash.
    ///
    /// - Throws: `notFound` when there is no model, `dataLoss` when a file is not what the description says,
    ///   `invalidArgument` when the description is malformed or out of range.
    public static func read(folder: URL) throws -> ModelDescription {
        let url = folder.appending(path: "model.json")
        let text: Data
        do {
            text = try Data(contentsOf: url)
        } catch {
            throw GuardianError(
                .notFound,
                "There is no detector model in \(folder.path): run scripts/bootstrap, or set GUARDIAN_MODEL.",
                cause: error)
        }
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: text)
        } catch {
            throw GuardianError(
                .invalidArgument, "\(url.path) is not a valid model description: run scripts/bootstrap again.",
                cause: error)
        }
        guard (32...2048).contains(file.input.width), (32...2048).contains(file.input.height),
            (1...1000).contains(file.labels.count), file.labels.allSatisfy({ Label($0) != nil })
        else { throw GuardianError(.invalidArgument, "\(url.path): its input size or its labels are invalid.") }
        for (name, expected) in file.files.sorted(by: { $0.key < $1.key }) {
            guard !name.contains("/"), let content = try? Data(contentsOf: folder.appending(path: name)) else {
                throw GuardianError(.dataLoss, "The model's file \(name) is missing: run scripts/bootstrap again.")
            }
            guard Hash256(bytes: SHA256.hash(data: content)) == expected else {
                throw GuardianError(
                    .dataLoss,
                    "The model's file \(name) does not match its hash: delete \(folder.path) and run scripts/bootstrap."
                )
            }
        }
        guard let weights = file.files["model.bin"], file.files["model.xml"] != nil else {
            throw GuardianError(.invalidArgument, "\(url.path) does not name model.xml and model.bin.")
        }
        return ModelDescription(
            name: file.name, sha256: weights, input: file.input, labels: file.labels, layout: file.layout,
            files: file.files, check: file.check)
    }
}
