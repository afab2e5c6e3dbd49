import Crypto
import Foundation
import GuardianCore

/// What `model.json` beside a model says: how to feed it, how to read it, and how to know that it is the right one.
public struct ModelDescription: Sendable, Hashable {
    /// How the outputs are read.
    public enum Layout: String, Sendable, Hashable, Codable, CaseIterable {
        /// Two outputs: boxes [n,4] as y1, x1, y2, x2 in fractions, and scores [n, labels]; doubles not yet removed.
        case decodedSSD = "ssd-decoded"
    }

    /// Pixels.
    public struct Input: Sendable, Hashable, Codable {
        public var width: Int
        public var height: Int
    }

    /// A picture whose content is known: what is served must find this in it.
    public struct Check: Sendable, Hashable, Codable {
        /// Raw RGB24 of the input's size, beside the model.
        public var picture: String
        public var label: Label
        /// x, y, width, height in fractions.
        public var box: [Double]
        public var score: Double
    }

    public var name: String
    /// Of the weights: what an opening entry of a journal names.
    public var sha256: Hash256
    public var input: Input
    /// By index; the first stands for "nothing".
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
    private struct Written: Decodable {
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
    ///   `invalidArgument` when the description itself makes no sense.
    public static func read(folder: URL) throws -> ModelDescription {
        let place = folder.appending(path: "model.json")
        let text: Data
        do {
            text = try Data(contentsOf: place)
        } catch {
            throw GuardianError(
                .notFound,
                "There is no detector model in \(folder.path): run scripts/bootstrap, or set GUARDIAN_MODEL.",
                cause: error)
        }
        let written: Written
        do {
            written = try JSONDecoder().decode(Written.self, from: text)
        } catch {
            throw GuardianError(.invalidArgument, "\(place.path) is not a model's description.", cause: error)
        }
        guard (32...2048).contains(written.input.width), (32...2048).contains(written.input.height),
            (1...1000).contains(written.labels.count), written.labels.allSatisfy({ Label($0) != nil })
        else { throw GuardianError(.invalidArgument, "\(place.path): its input or its labels make no sense.") }
        for (name, expected) in written.files.sorted(by: { $0.key < $1.key }) {
            guard !name.contains("/"), let content = try? Data(contentsOf: folder.appending(path: name)) else {
                throw GuardianError(.dataLoss, "The model's file \(name) is missing: run scripts/bootstrap again.")
            }
            guard Hash256(bytes: SHA256.hash(data: content)) == expected else {
                throw GuardianError(
                    .dataLoss,
                    "The model's file \(name) is not the one that was made: delete \(folder.path) and run scripts/bootstrap."
                )
            }
        }
        guard let weights = written.files["model.bin"], written.files["model.xml"] != nil else {
            throw GuardianError(.invalidArgument, "\(place.path) names no model.xml and model.bin.")
        }
        return ModelDescription(
            name: written.name, sha256: weights, input: written.input, labels: written.labels, layout: written.layout,
            files: written.files, check: written.check)
    }
}
